import type * as Y from 'yjs';
import { submissionLimits } from '../mail/submission-limits.ts';

/** What a draft takes along of the message it answers or forwards: the text it quotes, and parts. */

/** The letter that is answered or forwarded, shown under the editor and sent with the body. */
export interface Quoted {
	/** The line above it, such as "On 3 May, Li wrote:"; plain text. */
	readonly attribution: string;
	/** Cleaned HTML. */
	readonly html: string;
}

/**
 * A part of the answered message that is to come along and is no attachment yet, because its bytes are not here:
 * an IMAP section number, or {@link wholeMessage}.
 */
export interface WantedPart {
	readonly section: string;
	readonly name: string;
	readonly type: string;
	readonly size: number;
}

/** The section under which the whole answered message is wanted, as an `.eml` file. */
export const wholeMessage = 'message';

/** Why the answered message is not quoted, though it is to be. `late`: its text was not here yet. */
export type Unquoted = 'late' | 'too-long';

/** A message may have a thousand parts; a letter may not. */
const mostWanted = submissionLimits.attachments + 1;

/** The head of a draft: what it holds one of each. */
export const headOf = (draft: Y.Doc): Y.Map<unknown> => draft.getMap('head');

/** Text of another device's: cut, and empty where it is none. */
export function textOf(value: unknown, longest: number): string {
	return typeof value === 'string' ? value.slice(0, longest) : '';
}

/**
 * The quoted letter, its HTML cut to `submissionLimits.html` characters; undefined where there is none. Another device
 * wrote it: whoever shows it cleans it again.
 */
export function quotedOf(draft: Y.Doc): Quoted | undefined {
	const value = headOf(draft).get('quoted') as Partial<Record<keyof Quoted, unknown>> | null | undefined;
	if (typeof value?.html !== 'string') return undefined;
	return { attribution: textOf(value.attribution, 500), html: value.html.slice(0, submissionLimits.html) };
}

/** Takes the quoted letter out; the draft still answers it. */
export function removeQuoted(draft: Y.Doc): void {
	headOf(draft).delete('quoted');
}

/** Why the answered message is not quoted, though it is to be; undefined where nothing is missing. */
export function unquotedOf(draft: Y.Doc): Unquoted | undefined {
	const value = headOf(draft).get('unquoted');
	return value === 'late' || value === 'too-long' ? value : undefined;
}

/** The text of the answered message came: it is quoted, or too long to be; its parts are taken along. */
export function quoteLate(draft: Y.Doc, quoted: Quoted | null, parts: readonly WantedPart[]): void {
	draft.transact(() => {
		if (quoted === null) headOf(draft).set('unquoted', 'too-long');
		else {
			headOf(draft).set('quoted', { ...quoted });
			headOf(draft).delete('unquoted');
		}
		wantParts(draft, parts);
	});
}

/** The letter goes without the text of the answered message. */
export function stayUnquoted(draft: Y.Doc): void {
	headOf(draft).delete('unquoted');
}

const wantedIn = (draft: Y.Doc): Y.Map<unknown> => draft.getMap('wanted');

/** What is to be taken along of the answered message and is no attachment yet, in the order of the message. */
export function wantedOf(draft: Y.Doc): WantedPart[] {
	const parts = [...wantedIn(draft).entries()].flatMap(([section, value]): WantedPart[] => {
		if (typeof value !== 'object' || value === null || !/^(?:message|[\d.]{1,60})$/.test(section)) return [];
		const { name, type, size } = value as Record<string, unknown>;
		if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return [];
		return [{ section, name: textOf(name, 255), type: textOf(type, 127), size }];
	});
	return parts
		.sort((left, right) => left.section.localeCompare(right.section, 'en', { numeric: true }))
		.slice(0, mostWanted);
}

/** Has parts of the answered message taken along. */
export function wantParts(draft: Y.Doc, parts: readonly WantedPart[]): void {
	draft.transact(() => {
		for (const { section, ...part } of parts.slice(0, mostWanted)) wantedIn(draft).set(section, part);
	});
}

/** A part is not wanted any more: it became an attachment, or is left out. */
export function unwantPart(draft: Y.Doc, section: string): void {
	wantedIn(draft).delete(section);
}
