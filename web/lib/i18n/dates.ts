import type { Locale } from './locale.ts';

/** A run of days under which a list gathers its rows. Months are `YYYY-MM` of the local calendar. */
export type DayGroup =
	{ readonly kind: 'today' | 'yesterday' | 'week' } | { readonly kind: 'month'; readonly month: string };

/** How the screen writes dates: the words of design §9, always on a 24-hour clock. */
export interface DateFormats {
	/** In a row: `10:24` today, `周二` within six days, `9月9日` this year, else `2025年9月9日`. */
	short(at: number, now: number): string;
	/** In full: `今天 10:24`, `昨天 10:24`, `9月9日 10:24`, `2025年9月9日 10:24`. */
	long(at: number, now: number): string;
	/** For a tooltip or a screen reader: weekday, date and time, nothing left out. */
	exact(at: number): string;
	/** In a letter that others read: the whole date, and the time to the minute. */
	written(at: number): string;
	/** `10:24`. */
	time(at: number): string;
	/** The heading of a group of rows. */
	group(group: DayGroup, now: number): string;
}

const tags: Record<Locale, string> = { 'zh-CN': 'zh-CN', en: 'en-GB' };

/** Midnight that begins the local day of `at`, moved by whole days. */
export function dayStart(at: number, days = 0): number {
	const date = new Date(at);
	return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}

/** Monday's midnight of the local week of `at` (ISO 8601: weeks begin on Monday). */
function weekStart(at: number): number {
	const weekday = (new Date(at).getDay() + 6) % 7;
	return dayStart(at, -weekday);
}

function sameYear(left: number, right: number): boolean {
	return new Date(left).getFullYear() === new Date(right).getFullYear();
}

/** The group of a row, given when it came. What lies in the future counts as today. */
export function dayGroup(at: number, now: number): DayGroup {
	if (at >= dayStart(now)) return { kind: 'today' };
	if (at >= dayStart(now, -1)) return { kind: 'yesterday' };
	if (at >= weekStart(now)) return { kind: 'week' };
	const date = new Date(at);
	return { kind: 'month', month: `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}` };
}

/** When the group of `at` begins: the earliest instant that still belongs to it. */
export function groupStart(at: number, now: number): number {
	switch (dayGroup(at, now).kind) {
		case 'today':
			return dayStart(now);
		case 'yesterday':
			return dayStart(now, -1);
		case 'week':
			return weekStart(now);
		case 'month': {
			const date = new Date(at);
			return new Date(date.getFullYear(), date.getMonth(), 1).getTime();
		}
	}
}

type Write = (at: number) => string;

/** The pieces that differ between the languages; everything else is put together from them. */
interface DateWords {
	readonly today: string;
	readonly yesterday: string;
	readonly week: string;
	readonly todayHeading: Write;
	readonly day: Write;
	readonly dayOfYear: Write;
}

function writer(tag: string, options: Intl.DateTimeFormatOptions): Write {
	const format = new Intl.DateTimeFormat(tag, options);
	return (at) => format.format(at);
}

function chineseWords(): DateWords {
	return {
		today: '今天',
		yesterday: '昨天',
		week: '本周早些时候',
		todayHeading: () => '今天',
		day: writer('zh-CN', { month: 'long', day: 'numeric' }),
		dayOfYear: writer('zh-CN', { year: 'numeric', month: 'long', day: 'numeric' })
	};
}

/** `16 Sep`: British order with three-letter months, which no single CLDR locale writes. */
function englishWords(): DateWords {
	const month = writer('en-US', { month: 'short' });
	const weekday = writer('en-GB', { weekday: 'short' });
	const day: Write = (at) => `${new Date(at).getDate()} ${month(at)}`;
	return {
		today: 'Today',
		yesterday: 'Yesterday',
		week: 'Earlier this week',
		todayHeading: (at) => `Today, ${weekday(at)} ${day(at)}`,
		day,
		dayOfYear: (at) => `${day(at)} ${new Date(at).getFullYear()}`
	};
}

/** The formats of a language, made once: `Intl` formatters are dear to build and cheap to use. */
export function dateFormats(locale: Locale): DateFormats {
	const words = locale === 'zh-CN' ? chineseWords() : englishWords();
	const tag = tags[locale];
	const time = writer(tag, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
	const weekday = writer(tag, { weekday: 'short' });
	const month = writer(tag, { month: locale === 'zh-CN' ? 'numeric' : 'long' });
	const monthOfYear = writer(tag, { year: 'numeric', month: 'long' });
	const exact = writer(tag, { dateStyle: 'full', timeStyle: 'medium', hourCycle: 'h23' });

	const written = writer(tag, { dateStyle: 'full', timeStyle: 'short', hourCycle: 'h23' });

	const isToday = (at: number, now: number) => at >= dayStart(now) && at < dayStart(now, 1);
	const date = (at: number, now: number) => (sameYear(at, now) ? words.day(at) : words.dayOfYear(at));
	return {
		time,
		exact,
		written,
		short(at, now) {
			if (isToday(at, now)) return time(at);
			return at >= dayStart(now, -6) && at < dayStart(now) ? weekday(at) : date(at, now);
		},
		long(at, now) {
			if (isToday(at, now)) return `${words.today} ${time(at)}`;
			const isYesterday = at >= dayStart(now, -1) && at < dayStart(now);
			return `${isYesterday ? words.yesterday : date(at, now)} ${time(at)}`;
		},
		group(group, now) {
			switch (group.kind) {
				case 'today':
					return words.todayHeading(now);
				case 'yesterday':
					return words.yesterday;
				case 'week':
					return words.week;
				case 'month': {
					const first = new Date(`${group.month}-01T00:00:00`).getTime();
					return sameYear(first, now) ? month(first) : monthOfYear(first);
				}
			}
		}
	};
}
