import { version } from '$app/env';
import { databaseName, stillName } from '#lib/platform/kept-names.ts';
import type { MailProjection } from '#lib/projection/mail-projection.ts';
import type { Session } from '#lib/session/session.ts';
import type { Still } from '../../first-paint/still.ts';

/** A still that is longer than this takes longer to show than it spares, characters. */
const longest = 400_000;

/** Milliseconds without a change before a still is taken. */
const quiet = 1_500;

/**
 * The screen as text, if it is one to begin with: the list at its top, all of its rows there and nothing chosen.
 * Null otherwise.
 */
function stillOfScreen(): string | null {
	const app = document.querySelector('.app');
	const grid = app?.querySelector('[role=grid]');
	if (app === null || grid?.scrollTop !== 0) return null;
	if (grid.querySelector('[role=row] .subject') === null) return null;
	if (app.querySelector('[role=row][aria-selected=true], [role=row]:not(:has(.subject))') !== null)
		return null;
	const html = app.outerHTML;
	return html.length > longest ? null : html;
}

function write(html: string): void {
	const database = localStorage.getItem(databaseName);
	if (database === null) return;
	const still: Still = {
		version,
		database,
		locale: document.documentElement.lang,
		path: location.pathname,
		day: new Date().toDateString(),
		html
	};
	try {
		localStorage.setItem(stillName, JSON.stringify(still));
	} catch {
		// No room: the next start is a slower one.
		localStorage.removeItem(stillName);
	}
}

/**
 * Keeps a still of the list on this device for the next start; none on a public computer. One that became
 * untrue and could not be replaced is removed when the page is put away. Returns the end of it.
 *
 * @param isListed whether the list alone is on the screen
 */
export function keepStill(
	{ mail, publicComputer }: Pick<Session<MailProjection>, 'mail' | 'publicComputer'>,
	isListed: () => boolean
): () => void {
	if (publicComputer) return () => undefined;
	let isUntrue = true;
	let timer: ReturnType<typeof setTimeout> | undefined;
	const take = (): boolean => {
		const html = isListed() ? stillOfScreen() : null;
		if (html === null) return false;
		write(html);
		isUntrue = false;
		return true;
	};
	const changed = () => {
		isUntrue = true;
		clearTimeout(timer);
		timer = setTimeout(take, quiet);
	};
	const putAway = () => {
		if (isUntrue && !take()) localStorage.removeItem(stillName);
	};
	const onVisibility = () => {
		if (document.visibilityState === 'hidden') putAway();
	};
	const end = mail.subscribe(changed);
	window.addEventListener('pagehide', putAway);
	document.addEventListener('visibilitychange', onVisibility);
	changed();
	return () => {
		end();
		clearTimeout(timer);
		window.removeEventListener('pagehide', putAway);
		document.removeEventListener('visibilitychange', onVisibility);
	};
}
