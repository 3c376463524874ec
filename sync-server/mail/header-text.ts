/**
 * Text of header fields: RFC 2047 encoded words, raw 8-bit bytes in any encoding, and RFC 6532 UTF-8. Own code:
 * libmime decodes each word by its label before the words are joined, so that a character split over words of two
 * transfer encodings, or a wrong label, is lost.
 */
import { decodeText } from './charset.ts';
import { charsetOf } from './charset-labels.ts';
import type { Parameter } from './parameters.ts';

/** Most characters of one field, and of one parameter, that are decoded. */
const fieldLimit = 64 * 1024;
const parameterLimit = 3 * 1024;

/** An encoded word, or what stands between two of them. */
type Piece =
	| { readonly kind: 'text'; readonly text: string }
	| { readonly kind: 'word'; readonly label: string; readonly encoding: 'B' | 'Q'; readonly text: string };

const wordStart = /=\?([^?\s=]{1,60})\?([BbQq])\?/y;

/** Splits text at its encoded words (RFC 2047 section 2); white space inside one is let pass. Linear. */
function pieces(text: string): Piece[] {
	const found: Piece[] = [];
	let plain = 0;
	let search = 0;
	for (;;) {
		const start = text.indexOf('=?', search);
		if (start < 0) break;
		wordStart.lastIndex = start;
		const head = wordStart.exec(text);
		if (!head) {
			search = start + 2;
			continue;
		}
		const end = text.indexOf('?=', wordStart.lastIndex);
		if (end < 0) break;
		if (start > plain) found.push({ kind: 'text', text: text.slice(plain, start) });
		found.push({
			kind: 'word',
			label: head[1] ?? '',
			encoding: head[2]?.toUpperCase() === 'B' ? 'B' : 'Q',
			text: text.slice(wordStart.lastIndex, end)
		});
		plain = end + 2;
		search = plain;
	}
	if (plain < text.length) found.push({ kind: 'text', text: text.slice(plain) });
	return found;
}

function bytesOf(text: string): Buffer {
	// Characters beyond a byte stand in a word only where the field was decoded before.
	return Buffer.from(text, /[\u0100-\uffff]/.test(text) ? 'utf8' : 'latin1');
}

/**
 * The bytes of a Q word. Some senders forget to encode an underscore that is the second byte of a character; it is
 * read as such (`isByte`) where the text makes no sense otherwise.
 */
function qBytes(text: string, isByte: boolean): Buffer {
	const spaced = isByte ? text.replace(/(?<!=[89A-Fa-f][0-9A-Fa-f])_/g, ' ') : text.replace(/_/g, ' ');
	return bytesOf(
		spaced.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
	);
}

/** Words of base64, one after another; padding ends a word, and a group cut in two goes on in the next. */
function bBytes(text: string): Buffer {
	const segments = text.replace(/[^A-Za-z0-9+/=]/g, '').split(/=+/);
	return Buffer.concat(segments.map((segment) => Buffer.from(segment, 'base64')));
}

type Word = Extract<Piece, { kind: 'word' }>;

/** Adjacent words under one label. */
interface Run {
	readonly label: string;
	readonly words: Word[];
}

/** The bytes of a run; base64 that goes on in the next word is decoded in one. */
function bytesOfRun(run: Run, underscoreIsByte: boolean): Buffer {
	const bytes: Buffer[] = [];
	let base64 = '';
	for (const { encoding, text } of run.words) {
		if (encoding === 'B') {
			base64 += text;
			continue;
		}
		bytes.push(bBytes(base64), qBytes(text, underscoreIsByte));
		base64 = '';
	}
	return Buffer.concat([...bytes, bBytes(base64)]);
}

function textOfRun(run: Run, expected: string | null): string {
	const { text } = decodeText(bytesOfRun(run, false), run.label, expected);
	if (!text.includes('\uFFFD') || !run.words.some((word) => word.text.includes('_'))) return text;
	const other = decodeText(bytesOfRun(run, true), run.label, expected).text;
	return other.includes('\uFFFD') ? text : other;
}

function sameCharset(left: string, right: string): boolean {
	if (left.toLowerCase() === right.toLowerCase()) return true;
	const [first, second] = [charsetOf(left), charsetOf(right)];
	return first?.decoder === 'web' && second?.decoder === 'web' && first.name === second.name;
}

/**
 * Text with its encoded words decoded. White space between two words is no text (RFC 2047 section 6.2), and adjacent
 * words of one charset are joined as bytes before they are decoded.
 * @param plainText makes text of what stands outside the words
 */
function decodeWords(text: string, expected: string | null, plainText: (text: string) => string): string {
	if (!text.includes('=?')) return plainText(text);
	let output = '';
	let run: Run | null = null;
	const all = pieces(text);
	for (const [place, piece] of all.entries()) {
		if (piece.kind === 'text') {
			const between = run !== null && all[place + 1]?.kind === 'word' && piece.text.trim() === '';
			if (between) continue;
			if (run) output += textOfRun(run, expected);
			run = null;
			output += plainText(piece.text);
			continue;
		}
		if (run && !sameCharset(run.label, piece.label)) {
			output += textOfRun(run, expected);
			run = null;
		}
		run ??= { label: piece.label, words: [] };
		run.words.push(piece);
	}
	return run === null ? output : output + textOfRun(run, expected);
}

/** Raw bytes of a field (as characters U+0000 to U+00FF) as text; encoded words are left as they are. */
export function rawText(raw: string, expected: string | null): string {
	const bounded = raw.length > fieldLimit ? raw.slice(0, fieldLimit) : raw;
	// eslint-disable-next-line no-control-regex -- what is not ASCII, or may switch a 7-bit set
	if (!/[\u0080-\u00ff\u001b]/.test(bounded)) return bounded;
	return decodeText(Buffer.from(bounded, 'latin1'), null, expected).text;
}

/** Control characters, and the marks that turn the direction of text to hide what a name or a file is. */
// eslint-disable-next-line no-control-regex -- control characters are exactly what must not pass
const unsafeCharacters = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
const directionMarks = /[\u202a-\u202e\u2066-\u2069]/g;

/** Text without control characters and marks of direction, trimmed. */
function withoutUnsafe(text: string): string {
	return text.replace(unsafeCharacters, ' ').replace(directionMarks, '').trim().toWellFormed();
}

/** One line for the screen: nothing unsafe, white space folded. */
export function cleanLine(text: string): string {
	return withoutUnsafe(text).replace(/[ \u00a0]{2,}/g, ' ');
}

function decodeField(raw: string, expected: string | null): string {
	const bounded = raw.length > fieldLimit ? raw.slice(0, fieldLimit) : raw;
	return decodeWords(bounded, expected, (text) => rawText(text, expected));
}

/**
 * The text of an unstructured field such as Subject.
 * @param raw its unfolded bytes, as characters U+0000 to U+00FF
 * @param expected the charset raw 8-bit bytes are expected in, or null
 */
export function headerText(raw: string, expected: string | null): string {
	return cleanLine(decodeField(raw, expected));
}

/** The same for text whose raw bytes were decoded before (`rawText`), such as a display name. */
export function phraseText(text: string, expected: string | null): string {
	return cleanLine(decodeWords(text, expected, (plain) => plain));
}

/** The text of a parameter such as `filename`; encoded words in one are forbidden (RFC 2047 section 5) and common. */
export function parameterText(parameter: Parameter, expected: string | null): string {
	const bytes = parameter.bytes.slice(0, parameterLimit);
	if (!parameter.extended) return withoutUnsafe(decodeField(bytes, expected));
	return withoutUnsafe(decodeText(Buffer.from(bytes, 'latin1'), parameter.charset, expected).text);
}

/** At most `limit` UTF-16 units of text, never half a character. */
export function truncate(text: string, limit: number): string {
	if (text.length <= limit) return text;
	const end = (text.charCodeAt(limit - 1) & 0xfc00) === 0xd800 ? limit - 1 : limit;
	return text.slice(0, end);
}
