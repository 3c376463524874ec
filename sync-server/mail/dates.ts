/**
 * Dates of header fields: RFC 5322 section 3.3 with the obsolete forms of section 4.3, and forms seen in mail:
 * ctime, ISO 8601, dots for colons. Own code: `Date.parse` reads local time and accepts what is no date.
 */
import { withoutComments } from './comments.ts';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Hours from UTC of the zone names of RFC 5322 section 4.3; others mean that the zone is not known. */
const namedZones: ReadonlyMap<string, number> = new Map([
	['edt', -4],
	['est', -5],
	['cdt', -5],
	['cst', -6],
	['mdt', -6],
	['mst', -7],
	['pdt', -7],
	['pst', -8]
]);

const minute = 60_000;
const time = String.raw`(\d{1,2})\s*[:.]\s*(\d{1,2})(?:\s*[:.]\s*(\d{1,2})(?:[.,]\d{1,9})?)?\s*([ap]m\b)?`;

/** `Fri, 21 Nov 1997 09:55:06 -0600`; the day of the week says nothing. */
const dayFirst = new RegExp(
	String.raw`^(?:[a-z]{2,10}\.?\s*,?\s*)?(\d{1,2})(?:\s*[-./]\s*|\s+|,\s*)([a-z]{3,9})\.?(?:\s*[-./]\s*|\s+|,\s*)(\d{2,4})\s*,?\s+${time}\s*(.*)$`,
	'i'
);
/** `Fri Nov 21 09:55:06 [zone] 1997`. */
const monthFirst = new RegExp(
	String.raw`^(?:[a-z]{2,10}\.?\s*,?\s*)?([a-z]{3,9})\.?\s+(\d{1,2})\s*,?\s+${time}\s+(?:([a-z]{1,5}|[+-]\d{4})\s+)?(\d{4})\s*(.*)$`,
	'i'
);
/** `1997-11-21T09:55:06-06:00`. */
const yearFirst = new RegExp(String.raw`^(\d{4})-(\d{1,2})-(\d{1,2})[t\s]\s*${time}\s*(.*)$`, 'i');

function fullYear(digits: string): number {
	const year = Number(digits);
	if (digits.length === 2) return year < 50 ? 2000 + year : 1900 + year;
	// Also `0102`, as programs wrote that counted from 1900.
	return year >= 100 && year < 1000 ? 1900 + year : year;
}

/** Minutes east of UTC; 0 for what is not understood (RFC 5322 section 4.3 reads it as -0000). */
function zoneMinutes(text: string): number {
	const offset = /^(?:gmt|utc?)?\s*([+-])\s*(\d{1,2}):?(\d{2})\b/i.exec(text);
	if (offset) {
		const minutes = Number(offset[2]) * 60 + Number(offset[3]);
		return offset[1] === '-' ? -minutes : minutes;
	}
	return (namedZones.get(/^[a-z]+/i.exec(text)?.[0].toLowerCase() ?? '') ?? 0) * 60;
}

interface Moment {
	readonly year: number;
	/** 0 to 11. */
	readonly month: number;
	readonly day: number;
	/** Hours, minutes, seconds and am or pm, as they were matched. */
	readonly timeOfDay: readonly (string | undefined)[];
	readonly zone: string;
}

function instant(moment: Moment): number | null {
	const [hours, minutes, seconds, half] = moment.timeOfDay;
	let hour = Number(hours);
	if (half !== undefined) hour = (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
	const { year, month, day } = moment;
	const second = Math.min(Number(seconds ?? 0), 59);
	if (month < 0 || month > 11 || hour > 23 || Number(minutes) > 59 || Number(seconds ?? 0) > 60) return null;
	if (year < 1900 || year > 9999) return null;
	const date = new Date(Date.UTC(year, month, day, hour, Number(minutes), second));
	if (date.getUTCDate() !== day) return null;
	return date.getTime() - zoneMinutes(moment.zone) * minute;
}

const monthOf = (name: string | undefined): number => months.indexOf((name ?? '').slice(0, 3).toLowerCase());

/** The instant of a date field in milliseconds UTC; null where it is no date. Linear, reads 200 characters. */
export function parseDate(raw: string): number | null {
	const text = withoutComments(raw.slice(0, 200)).replace(/\s+/g, ' ').trim();
	const day = dayFirst.exec(text);
	if (day) {
		const [, dayOfMonth, month, year = '', ...rest] = day;
		return instant({
			year: fullYear(year),
			month: monthOf(month),
			day: Number(dayOfMonth),
			timeOfDay: rest.slice(0, 4),
			zone: rest[4] ?? ''
		});
	}
	const ctime = monthFirst.exec(text);
	if (ctime) {
		const [, month, dayOfMonth, ...rest] = ctime;
		return instant({
			year: Number(rest[5]),
			month: monthOf(month),
			day: Number(dayOfMonth),
			timeOfDay: rest.slice(0, 4),
			zone: rest[4] ?? rest[6] ?? ''
		});
	}
	const iso = yearFirst.exec(text);
	if (!iso) return null;
	const [, year, month, dayOfMonth, ...rest] = iso;
	return instant({
		year: Number(year),
		month: Number(month) - 1,
		day: Number(dayOfMonth),
		timeOfDay: rest.slice(0, 4),
		zone: rest[4] ?? ''
	});
}
