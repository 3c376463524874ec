/**
 * Address lists: mailboxes and groups with comments, quoted names and the obsolete forms (RFC 5322 sections 3.4 and
 * 4.4), and what real mail makes of them. Own code: the libraries' parser decodes encoded words and raw bytes before
 * or without telling quoted from plain text, and its time is not bounded.
 */
import type { MailAddress } from '#schema/mail/address.ts';
import { summaryLimits } from '#schema/mail/summary.ts';
import { phraseText, rawText, truncate } from './header-text.ts';
import { behindComment } from './comments.ts';

/** Longest address that is kept: a local part of 64, a domain of 255 (RFC 5321 section 4.5.3.1). */
const addressLimit = 320;

/** Most tokens of one field that are read: bounds the time that unclosed quotes and brackets can take. */
const tokenLimit = 2000;

type Token =
	/** A run of characters with no meaning of their own. */
	| { readonly kind: 'atom'; readonly text: string; readonly spaced: boolean }
	/** A quoted string without its quotes. */
	| { readonly kind: 'quoted'; readonly text: string; readonly spaced: boolean }
	| { readonly kind: 'comment'; readonly text: string }
	/** What stands between angle brackets. */
	| { readonly kind: 'angle'; readonly text: string }
	| { readonly kind: 'separator'; readonly text: ',' | ';' | ':' };

const encodedWord = /=\?[^?\s]{1,60}\?[BbQq]\?[^?\s]*\?=/y;

/** Offset behind the quoted string that opens at `start`; -1 where it is never closed. */
function behindQuoted(text: string, start: number): number {
	for (let offset = start + 1; offset < text.length; offset += 1) {
		const character = text[offset];
		if (character === '\\') offset += 1;
		else if (character === '"') return offset + 1;
	}
	return -1;
}

const unquote = (text: string): string => text.replace(/\\(.)/gs, '$1');

/** Offset of the bracket that closes the address opened at `start`; the next comma or the end where none does. */
function angleEnd(text: string, start: number): number {
	let offset = start + 1;
	while (offset < text.length) {
		const character = text[offset];
		if (character === '>') return offset;
		if (character === '<') break;
		if (character === '"') {
			const behind = behindQuoted(text, offset);
			offset = behind < 0 ? offset + 1 : behind;
		} else if (character === '(') offset = behindComment(text, offset);
		else offset += 1;
	}
	const comma = text.indexOf(',', start);
	return comma < 0 ? text.length : comma;
}

function atomEnd(text: string, start: number): number {
	let offset = start;
	let literal = false;
	while (offset < text.length) {
		const character = text[offset] ?? '';
		if (character === '[') literal = true;
		else if (character === ']') literal = false;
		else if (character === ' ' || character === '\t') break;
		else if ('"(<'.includes(character)) break;
		else if (!literal && ',;:'.includes(character)) break;
		else if (character === '=') {
			encodedWord.lastIndex = offset;
			if (encodedWord.test(text)) {
				offset = encodedWord.lastIndex;
				continue;
			}
		}
		offset += 1;
	}
	return Math.max(offset, start + 1);
}

function tokenAt(
	text: string,
	offset: number,
	spaced: boolean,
	quotesClosed: boolean
): { token: Token; next: number } {
	const character = text[offset] ?? '';
	if (character === ',' || character === ';' || character === ':') {
		return { token: { kind: 'separator', text: character }, next: offset + 1 };
	}
	if (character === '(') {
		const next = behindComment(text, offset);
		const inside = text.slice(offset + 1, text[next - 1] === ')' ? next - 1 : next);
		return { token: { kind: 'comment', text: unquote(inside) }, next };
	}
	if (character === '<') {
		const end = angleEnd(text, offset);
		const next = text[end] === '>' ? end + 1 : end;
		return { token: { kind: 'angle', text: text.slice(offset + 1, end) }, next };
	}
	if (character === '"' && quotesClosed) {
		const next = behindQuoted(text, offset);
		return { token: { kind: 'quoted', text: unquote(text.slice(offset + 1, next - 1)), spaced }, next };
	}
	const next = atomEnd(text, offset);
	return { token: { kind: 'atom', text: text.slice(offset, next), spaced }, next };
}

function* tokens(text: string): Generator<Token> {
	let offset = 0;
	let spaced = false;
	let quotesClosed = true;
	let count = 0;
	while (offset < text.length && count < tokenLimit) {
		const character = text[offset];
		if (character === ' ' || character === '\t' || character === '\r' || character === '\n') {
			spaced = true;
			offset += 1;
			continue;
		}
		// Once one quote is never closed, none after it is: so each is looked for once.
		if (character === '"' && quotesClosed) quotesClosed = behindQuoted(text, offset) >= 0;
		const { token, next } = tokenAt(text, offset, spaced, quotesClosed);
		yield token;
		count += 1;
		spaced = false;
		offset = next;
	}
}

type Word = Extract<Token, { kind: 'atom' | 'quoted' }>;

/** One mailbox while its tokens come in. */
interface Entry {
	words: Word[];
	comments: string[];
	angle: string | null;
}

const newEntry = (): Entry => ({ words: [], comments: [], angle: null });

const plainLocalPart = /^[^\s"(),:;<>@[\\\]]+$/;

/** An addr-spec without comments, white space, route or needless quotes. */
function cleanAddress(text: string): string {
	let address = '';
	for (const token of tokens(text)) {
		if (token.kind === 'comment' || token.kind === 'angle') continue;
		const needsQuotes = token.kind === 'quoted' && !plainLocalPart.test(token.text);
		address += needsQuotes ? `"${token.text.replace(/["\\]/g, '\\$&')}"` : token.text;
	}
	// An obsolete route goes before the address: `@relay.example,@other.example:joe@example.org`.
	const bare = address.startsWith('@') ? address.slice(address.indexOf(':') + 1) : address;
	// eslint-disable-next-line no-control-regex -- control characters are exactly what must not pass
	return truncate(bare.replace(/[\u0000-\u001f\u007f]+/g, '').replace(/\.$/, ''), addressLimit);
}

function phraseOf(words: readonly Word[]): string {
	return words.map((word, place) => (word.spaced && place > 0 ? ` ${word.text}` : word.text)).join('');
}

/** The words that make an address where no angle brackets do: those around the last `@`, joined over dots. */
function bareAddress(words: readonly Word[]): { readonly first: number; readonly last: number } | null {
	let place = words.findLastIndex((word) => word.kind === 'atom' && word.text.includes('@'));
	if (place < 0) return null;
	let last = place;
	const joins = (left: Word | undefined, right: Word | undefined): boolean =>
		left !== undefined &&
		right !== undefined &&
		(!right.spaced || /[.@]$/.test(left.text) || /^[.@]/.test(right.text));
	while (joins(words[place - 1], words[place])) place -= 1;
	while (joins(words[last], words[last + 1])) last += 1;
	return { first: place, last };
}

const quotedSource = (word: Word): string =>
	word.kind === 'quoted' ? `"${word.text.replace(/["\\]/g, '\\$&')}"` : word.text;

function addressOf(entry: Entry, expected: string | null): MailAddress | null {
	const { words, comments, angle } = entry;
	if (words.length === 0 && angle === null) return null;
	let name = words;
	let address = '';
	if (angle !== null) address = cleanAddress(angle);
	else {
		const bare = bareAddress(words);
		if (bare) {
			address = cleanAddress(
				words
					.slice(bare.first, bare.last + 1)
					.map(quotedSource)
					.join('')
			);
			name = [...words.slice(0, bare.first), ...words.slice(bare.last + 1)];
		} else if (words.length === 1 && words[0]?.kind === 'atom' && !words[0].text.startsWith('=?')) {
			address = cleanAddress(words[0].text);
			name = [];
		}
	}
	const phrase = name.length > 0 ? phraseOf(name) : comments.join(' ');
	const shown = truncate(phraseText(phrase, expected), summaryLimits.name);
	return shown === '' && address === '' ? null : { name: shown, address };
}

/**
 * The mailboxes of an address list, those in groups among them, in order.
 * @param raw the field's unfolded bytes, as characters U+0000 to U+00FF
 * @param expected the charset raw 8-bit bytes are expected in, or null
 * @param limit how many are read at most
 */
export function parseAddresses(raw: string, expected: string | null, limit: number): MailAddress[] {
	const found: MailAddress[] = [];
	let entry = newEntry();
	const close = (): void => {
		const address = addressOf(entry, expected);
		if (address) found.push(address);
		entry = newEntry();
	};
	// Raw bytes become text first: the second byte of a Big5 or GBK character may be `@`, `[` or `\`.
	for (const token of tokens(rawText(raw, expected))) {
		if (found.length >= limit) break;
		if (token.kind === 'separator') {
			// A group's name goes before its colon.
			if (token.text === ':') entry = newEntry();
			else close();
		} else if (token.kind === 'angle') {
			if (entry.angle !== null) close();
			entry.angle = token.text;
		} else if (token.kind === 'comment') entry.comments.push(token.text);
		else if (entry.angle === null) entry.words.push(token);
	}
	close();
	return found.slice(0, limit);
}
