import { firstLocale, localeName, type Locale } from '#lib/i18n/locale.ts';
import { kept } from './kept.ts';

/** Begins to fetch the catalogue of a language, which the build names in the head of the page. */
function fetchCatalogue(locale: Locale): void {
	const catalogue = document.querySelector<HTMLMetaElement>(
		`meta[name="catalogue"][data-locale="${locale}"]`
	);
	if (catalogue === null) return;
	const link = document.createElement('link');
	link.rel = 'modulepreload';
	link.href = catalogue.content;
	document.head.append(link);
}

/** Chooses the language that the app will speak, and lets the document say so. */
export function chooseLanguage(): Locale {
	const locale = firstLocale(kept(localeName), navigator.languages);
	document.documentElement.lang = locale;
	fetchCatalogue(locale);
	return locale;
}
