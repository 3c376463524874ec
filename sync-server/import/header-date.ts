import { parseDate } from '../mail/dates.ts';

/** The time of the Date field near the start of a message, milliseconds UTC; null where there is none. */
export function headerDate(head: Uint8Array): number | null {
	const text = Buffer.from(head).toString('latin1');
	const header = text.split(/\r?\n\r?\n/, 1)[0] ?? '';
	const value = /^date:[ \t]*(.*(?:\r?\n[ \t].*)*)/im.exec(header)?.[1];
	return value === undefined ? null : parseDate(value.replace(/\r?\n/g, ' '));
}
