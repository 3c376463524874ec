/* eslint-disable svelte/prefer-svelte-reactivity -- what a language formats with is replaced whole */
import { IntlMessageFormat } from 'intl-messageformat';
import type { MessageArguments, MessageKey } from './catalogue.ts';
import { dateFormats, type DateFormats } from './dates.ts';
import { firstLocale, localeName, type Locale } from './locale.ts';

/** A message as it was written, or already parsed by the build (`vite-catalogues.ts`). */
type Message = string | ReturnType<IntlMessageFormat['getAst']>;
type Messages = Readonly<Record<MessageKey, Message>>;

const loaders: Record<Locale, () => Promise<Messages>> = {
	'zh-CN': async () => (await import('./chinese/index.ts')).chinese,
	en: async () => (await import('./english/index.ts')).english
};

interface Spoken {
	readonly locale: Locale;
	readonly catalogue: Messages;
	readonly dates: DateFormats;
	readonly formats: Map<MessageKey, IntlMessageFormat>;
}

let spoken = $state.raw<Spoken | null>(null);

function current(): Spoken {
	if (spoken === null) throw new Error('No language is loaded yet: call speak() before anything is shown.');
	return spoken;
}

/** The language chosen on this device, else the one the browser prefers. */
export function initialLocale(): Locale {
	return firstLocale(localStorage.getItem(localeName), navigator.languages);
}

/** Loads a language and shows everything in it at once; the document says so too. */
export async function speak(locale: Locale): Promise<void> {
	const catalogue = await loaders[locale]();
	spoken = { locale, catalogue, dates: dateFormats(locale), formats: new Map() };
	document.documentElement.lang = locale;
}

/** {@link speak}, and keeps the choice on this device. */
export async function chooseLocale(locale: Locale): Promise<void> {
	localStorage.setItem(localeName, locale);
	await speak(locale);
}

/** The language of the screen; reactive. */
export function locale(): Locale {
	return current().locale;
}

/** How dates are written in the language of the screen; reactive. */
export function dates(): DateFormats {
	return current().dates;
}

/** The message of a key in the language of the screen, its arguments filled in; reactive. */
export function t<Key extends MessageKey>(key: Key, ...[values]: MessageArguments<Key>): string {
	const { catalogue, formats, locale: language } = current();
	const message = catalogue[key];
	if (values === undefined && typeof message === 'string') return message;
	let format = formats.get(key);
	if (format === undefined) {
		format = new IntlMessageFormat(message, language, undefined, { ignoreTag: true });
		formats.set(key, format);
	}
	return String(format.format({ ...values }));
}
