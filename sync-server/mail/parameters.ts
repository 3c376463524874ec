/**
 * Fields with parameters: Content-Type and Content-Disposition (RFC 2045 section 5.1, RFC 2231). Own code,
 * because the libraries decode a parameter's bytes by its label, and a wrong label can only be noticed while
 * they are bytes; and because they percent-decode sections that RFC 2231 section 4.1 leaves alone.
 */

import { behindComment, withoutComments } from './comments.ts';

/** Most parameters of a field, and most sections of one parameter, that are read. */
const parameterLimit = 100;

/** A parameter's value as bytes (characters U+0000 to U+00FF). */
export interface Parameter {
	readonly bytes: string;
	/** The charset an extended value names (`name*=`); null where it names none. */
	readonly charset: string | null;
	/** Whether the value is percent-encoded by RFC 2231, so that it can hold no RFC 2047 words. */
	readonly extended: boolean;
}

export interface Parameterized {
	/** What stands before the first parameter, lower case, trimmed. */
	readonly value: string;
	/** Parameters by lower-case name; of those given twice the first. */
	readonly parameters: ReadonlyMap<string, Parameter>;
}

function skipBlank(text: string, start: number): number {
	let offset = start;
	for (;;) {
		const character = text[offset];
		if (character === '(') offset = behindComment(text, offset);
		else if (character !== undefined && ' \t\r\n;'.includes(character)) offset += 1;
		else return offset;
	}
}

interface Found {
	readonly text: string;
	readonly next: number;
}

/** A quoted string from its opening quote on; a backslash quotes only `"` and itself (Windows paths are real). */
function quotedAt(text: string, start: number): Found {
	let value = '';
	let piece = start + 1;
	for (let offset = piece; offset < text.length; offset += 1) {
		const character = text[offset];
		if (character === '"') return { text: value + text.slice(piece, offset), next: offset + 1 };
		if (character !== '\\') continue;
		const quoted = text[offset + 1];
		if (quoted !== '"' && quoted !== '\\') continue;
		value += text.slice(piece, offset);
		piece = offset + 1;
		offset += 1;
	}
	return { text: value + text.slice(piece), next: text.length };
}

/**
 * A value without quotes: up to the semicolon, though RFC 2045 would end it at white space; but not beyond the name of
 * a next parameter, where the semicolon is missing (as in the examples of RFC 2231).
 */
function tokenAt(text: string, start: number): Found {
	const semicolon = text.indexOf(';', start);
	const end = semicolon < 0 ? text.length : semicolon;
	const token = text.slice(start, end);
	const stop = token.search(/[ \t](?:\(|[\w*-]{1,60}=)/);
	if (stop < 0) return { text: token.trim(), next: end };
	return { text: token.slice(0, stop).trim(), next: start + stop };
}

function valueAt(text: string, start: number): Found {
	let offset = start;
	while (text[offset] === ' ' || text[offset] === '\t') offset += 1;
	if (text[offset] !== '"') return tokenAt(text, offset);
	const quoted = quotedAt(text, offset);
	const semicolon = text.indexOf(';', quoted.next);
	const following = text.slice(quoted.next, semicolon < 0 ? text.length : semicolon);
	// A forgotten semicolon must not hide the parameter that follows.
	const next = following.includes('=') || semicolon < 0 ? quoted.next : semicolon;
	return { text: quoted.text, next };
}

function percentDecode(text: string): string {
	return text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

interface Section {
	readonly number: number;
	readonly encoded: boolean;
	readonly text: string;
}

/** Puts the sections of one parameter together (RFC 2231 sections 3 and 4). */
function joinSections(sections: readonly Section[]): Parameter {
	const ordered = sections.toSorted((left, right) => left.number - right.number);
	const extended = ordered.some((section) => section.encoded);
	const head = ordered[0];
	const labelled = head?.encoded === true ? /^([^']*)'[^']*'/.exec(head.text) : null;
	const charset = labelled?.[1] ?? '';
	const bytes = ordered.map((section, place) => {
		const text = place === 0 && labelled ? section.text.slice(labelled[0].length) : section.text;
		return section.encoded ? percentDecode(text) : text;
	});
	return { bytes: bytes.join(''), charset: charset === '' ? null : charset, extended };
}

function assemble(
	plain: Map<string, Parameter>,
	sections: ReadonlyMap<string, Section[]>
): ReadonlyMap<string, Parameter> {
	for (const [name, found] of sections) plain.set(name, joinSections(found));
	return plain;
}

/** What stands before the parameters, and where it ends; comments may stand around each word. */
function headOf(text: string): { readonly value: string; readonly end: number } {
	let semicolon = text.indexOf(';');
	const comment = text.indexOf('(');
	if (comment >= 0 && comment < semicolon) semicolon = text.indexOf(';', behindComment(text, comment));
	const head = semicolon < 0 ? text : text.slice(0, semicolon);
	const bare = comment < 0 ? head : withoutComments(head);
	const value = /^\s*([^\s;/]*(?:\s*\/\s*[^\s;]*)?)/.exec(bare)?.[1] ?? '';
	// `text/plain charset=x`: the semicolon is missing.
	const end = comment < 0 ? text.indexOf(value) + value.length : head.length;
	return { value, end };
}

/** Reads a field such as `text/plain; charset=utf-8`; never fails, what it cannot read it leaves out. */
export function parseParameterized(text: string): Parameterized {
	const plain = new Map<string, Parameter>();
	const sections = new Map<string, Section[]>();
	const { value, end } = headOf(text);
	let offset = skipBlank(text, end);
	for (let count = 0; offset < text.length && count < parameterLimit; count += 1) {
		const nameEnd = text.slice(offset).search(/[=;]/);
		if (nameEnd < 0) break;
		const name = text
			.slice(offset, offset + nameEnd)
			.trim()
			.toLowerCase();
		offset += nameEnd + 1;
		if (text[offset - 1] === ';') {
			offset = skipBlank(text, offset);
			continue;
		}
		const found = valueAt(text, offset);
		const section = /^([^*]+)\*(?:(\d{1,3})(\*)?)?$/.exec(name);
		if (section) {
			const key = section[1] ?? '';
			const encoded = section[2] === undefined || section[3] !== undefined;
			const list = sections.get(key) ?? [];
			list.push({ number: Number(section[2] ?? 0), encoded, text: found.text });
			sections.set(key, list);
		} else if (name !== '' && !plain.has(name)) {
			plain.set(name, { bytes: found.text, charset: null, extended: false });
		}
		offset = skipBlank(text, found.next);
	}
	return { value: value.replace(/\s+/g, '').toLowerCase(), parameters: assemble(plain, sections) };
}

/** A media type (RFC 2045 section 5.1) with its parameters. */
export interface MediaType {
	/** Lower case, such as `text/plain`. */
	readonly type: string;
	readonly parameters: ReadonlyMap<string, Parameter>;
}

const typePattern = /^[!#$%&'*+.^_`|~0-9a-z-]{1,63}\/[!#$%&'*+.^_`|~0-9a-z-]{1,63}$/;

/** The media type a Content-Type names; `fallback` where there is none, text/plain where it is none (RFC 2045 5.2). */
export function mediaTypeOf(text: string, fallback: string): MediaType {
	if (text === '') return { type: fallback, parameters: new Map() };
	const { value, parameters } = parseParameterized(text);
	return { type: typePattern.test(value) ? value : 'text/plain', parameters };
}

/** How a part asks to be shown (RFC 2183): an unknown word means attachment (section 2.8); null: it does not say. */
export type DispositionWish = 'inline' | 'attachment' | null;

/** Reads Content-Disposition. */
export function dispositionOf(text: string): {
	readonly wish: DispositionWish;
	readonly parameters: ReadonlyMap<string, Parameter>;
} {
	const { value, parameters } = parseParameterized(text);
	const wish = value === '' ? null : value === 'inline' ? 'inline' : 'attachment';
	return { wish, parameters };
}
