import { start as chinese } from '#lib/i18n/chinese/start.ts';
import { start as english } from '#lib/i18n/english/start.ts';
import type { Locale } from '#lib/i18n/locale.ts';

const words = { 'zh-CN': chinese, en: english };

/** Says that the app could not be fetched; whoever sees this has no service worker yet, or a broken one. */
export function tellFailure(element: Element, locale: Locale): void {
	const text = document.createElement('p');
	text.style.cssText = 'margin: 20vh auto; max-width: 26em; padding: 0 20px; text-align: center';
	text.textContent = words[locale]['start.failed'];
	element.append(text);
}
