/** The languages of the screen, by BCP 47 tag. */
export const locales = ['zh-CN', 'en'] as const;
export type Locale = (typeof locales)[number];

/** Under what this device keeps the choice. */
export const localeName = 'hongyan.locale';

/** The language a person most likely wants: the first preferred one that we speak, else English. */
function preferredLocale(preferred: readonly string[]): Locale {
	for (const tag of preferred) {
		const language = tag.toLowerCase().split('-')[0];
		if (language === 'zh') return 'zh-CN';
		if (language === 'en') return 'en';
	}
	return 'en';
}

/** The language to begin with: the one chosen on this device, else the one the browser prefers. */
export function firstLocale(stored: string | null, preferred: readonly string[]): Locale {
	return localeFrom(stored) ?? preferredLocale(preferred);
}

/** Reads a stored choice; null where it is none of ours. */
function localeFrom(stored: string | null): Locale | null {
	return locales.find((locale) => locale === stored) ?? null;
}
