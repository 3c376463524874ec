import { initialLocale, speak } from '#lib/i18n/messages.svelte.ts';

/** The app is one static page that renders on the device only: every view reads the local replica. */
export const ssr = false;
export const prerender = false;

/** Nothing is shown before there are words to show. */
export async function load(): Promise<void> {
	await speak(initialLocale());
}
