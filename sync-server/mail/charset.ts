/**
 * Text of bytes and a label that may be missing, unknown or wrong. The label is believed as far as the bytes let
 * it (`Trust` in `charset-labels.ts`): bytes that are valid UTF-8 are UTF-8 under nearly every label, and what is
 * invalid or improbable under its label is detected.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';
import { charsetOf, type Charset } from './charset-labels.ts';
import { detectable, detectCharset, qualityOf, type Detectable } from './charset-detection.ts';
import { decodeNamed } from './charset-tables.ts';
import { decodeShifted } from './shifted-charsets.ts';

export interface DecodedText {
	readonly text: string;
	/** The encoding the bytes were read in; `us-ascii` where they are 7-bit. */
	readonly charset: string;
	/** Whether a label was given that nobody knows, and the bytes are not plain ASCII. */
	readonly unknownLabel: boolean;
}

const escape = 27;

const isDetectable = (name: string | null): name is Detectable =>
	name !== null && (detectable as readonly string[]).includes(name);

function named(bytes: Uint8Array, name: string): DecodedText {
	const text = decodeNamed(bytes, name);
	return { text: text.startsWith('\uFEFF') ? text.slice(1) : text, charset: name, unknownLabel: false };
}

function detected(bytes: Uint8Array, expected: string | null): DecodedText {
	return named(bytes, detectCharset(bytes, expected).charset);
}

function undecodable(text: string): number {
	let count = 0;
	for (let place = text.indexOf('\uFFFD'); place >= 0; place = text.indexOf('\uFFFD', place + 1)) count += 1;
	return count;
}

function beyondAscii(text: string): number {
	let count = 0;
	for (let place = 0; place < text.length; place += 1) if (text.charCodeAt(place) > 127) count += 1;
	return count;
}

/** What switches to a Japanese set: JIS X 0208 of 1978 and 1983, JIS X 0201 (RFC 1468). */
const japaneseEscapes = ['\x1b$@', '\x1b$B', '\x1b(J', '\x1b(I'];

/** 7-bit bytes: ASCII, or a set that is chosen by escape sequences (RFC 1468, RFC 1557, RFC 1922). */
function sevenBit(bytes: Uint8Array): DecodedText {
	const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
	if (bytes.includes(escape)) {
		if (text.includes('\x1b$)C')) {
			return { text: decodeShifted(bytes, 'iso-2022-kr'), charset: 'iso-2022-kr', unknownLabel: false };
		}
		if (text.includes('\x1b$)A')) {
			return { text: decodeShifted(bytes, 'iso-2022-cn'), charset: 'iso-2022-cn', unknownLabel: false };
		}
		if (japaneseEscapes.some((sequence) => text.includes(sequence))) return named(bytes, 'iso-2022-jp');
	}
	return { text, charset: 'us-ascii', unknownLabel: false };
}

/** Scripts whose letters take two bytes in UTF-8. */
const twoByteScripts = [
	/[\u00aa-\u017f]/,
	/[\u0370-\u03ff]/,
	/[\u0400-\u052f]/,
	/[\u0530-\u058f]/,
	/[\u0590-\u05ff]/,
	/[\u0600-\u06ff]/
];

/** Letters of one script, as a text has them; not the mixture that bytes of another encoding make. */
function isOneScript(text: string): boolean {
	if (/[\u0180-\u036f\u0700-\u07ff]/.test(text)) return false;
	return twoByteScripts.filter((script) => script.test(text)).length <= 1;
}

/**
 * Whether valid UTF-8 is meant as such. Sequences of three bytes decide: to a table of two bytes a character they are
 * rarities. Those of two are letters of Europe in UTF-8, but may be everyday characters in the expected encoding; then
 * the characters decide.
 */
function isMeantAsUtf8(bytes: Uint8Array, expected: Detectable | null): boolean {
	const text = decodeNamed(bytes, 'utf-8');
	for (let place = 0; place < text.length; place += 1) if (text.charCodeAt(place) > 0x7ff) return true;
	if (!isOneScript(text)) return false;
	return expected === null || qualityOf(bytes, expected) < 1.5;
}

/** Text that claims to be UTF-8 and is not wholly so: damaged UTF-8, or another encoding. */
function brokenUtf8(bytes: Uint8Array, expected: string | null): DecodedText {
	const lossy = named(bytes, 'utf-8');
	const lost = undecodable(lossy.text);
	if (beyondAscii(lossy.text) - lost >= 3 * lost) return lossy;
	const { charset, quality } = detectCharset(bytes, expected);
	return quality > 0 ? named(bytes, charset) : lossy;
}

/** Text labelled with an encoding of several bytes a character. */
function multiByte(bytes: Uint8Array, name: string): DecodedText {
	const labelled = named(bytes, name);
	const lost = undecodable(labelled.text);
	if (!isDetectable(name)) return lost === 0 ? labelled : detected(bytes, null);
	if (lost * 20 <= beyondAscii(labelled.text)) {
		if (qualityOf(bytes, name) >= 0.9) return labelled;
	}
	const found = detectCharset(bytes, name, 'label');
	return found.charset === name ? labelled : named(bytes, found.charset);
}

function utf16(bytes: Uint8Array, name: string): DecodedText | null {
	const sample = bytes.subarray(0, 2000);
	const zeros = [0, 0];
	sample.forEach((byte, offset) => {
		if (byte === 0) zeros[offset & 1] = (zeros[offset & 1] ?? 0) + 1;
	});
	const [even = 0, odd = 0] = zeros;
	// A label of UTF-16 on text of single bytes.
	if (even + odd === 0 && isUtf8(sample)) return null;
	if (name !== 'utf-16') return named(bytes, name);
	return named(bytes, even > odd ? 'utf-16be' : 'utf-16le');
}

function byteOrderMark(bytes: Uint8Array, charset: Charset | null): string | null {
	const [first, second, third] = bytes;
	if (first === 0xef && second === 0xbb && third === 0xbf && isUtf8(bytes)) return 'utf-8';
	const wide =
		charset === null ||
		charset.decoder === 'none' ||
		(charset.decoder === 'web' && charset.trust === 'utf-16');
	if (wide && first === 0xff && second === 0xfe) return 'utf-16le';
	return wide && first === 0xfe && second === 0xff ? 'utf-16be' : null;
}

/** Bytes with the high bit, under a label of the Encoding Standard or none. */
function eightBit(bytes: Uint8Array, charset: Charset | null, expected: string | null): DecodedText {
	const web = charset?.decoder === 'web' ? charset : null;
	if (isUtf8(bytes)) {
		const wanted = web?.trust === 'multi-byte' ? web.name : expected;
		const sure = web?.trust === 'utf-8' || web?.trust === 'single-byte';
		if (sure || isMeantAsUtf8(bytes, isDetectable(wanted) ? wanted : null)) return named(bytes, 'utf-8');
		return detected(bytes, wanted ?? 'gb18030');
	}
	switch (web?.trust) {
		case 'utf-8':
			return brokenUtf8(bytes, expected);
		case 'multi-byte':
			return multiByte(bytes, web.name);
		case 'single-byte':
			return named(bytes, web.name);
		case 'default':
			return detected(bytes, isDetectable(expected) ? expected : 'windows-1252');
		case 'utf-16':
		case undefined:
			return detected(bytes, expected);
	}
}

/**
 * Decodes bytes to text. Never throws.
 * @param label the charset parameter, or null
 * @param expected the charset the rest of the message speaks for (a name as in `DecodedText.charset`), or null
 */
export function decodeText(
	bytes: Uint8Array,
	label: string | null,
	expected: string | null = null
): DecodedText {
	const charset = charsetOf(label);
	const marked = byteOrderMark(bytes, charset);
	if (marked !== null) return named(bytes, marked);
	if (charset?.decoder === 'web' && charset.trust === 'utf-16') {
		const wide = utf16(bytes, charset.name);
		if (wide) return wide;
	}
	if (charset?.decoder === 'iconv') {
		return { text: iconv.decode(bytes, charset.name), charset: charset.name, unknownLabel: false };
	}
	if (isAscii(bytes)) {
		if (charset?.decoder !== 'shifted') return sevenBit(bytes);
		return { text: decodeShifted(bytes, charset.name), charset: charset.name, unknownLabel: false };
	}
	const decoded = eightBit(bytes, charset, expected);
	return charset === null ? { ...decoded, unknownLabel: true } : decoded;
}

/** Decodes as the reader asks, whatever the bytes speak for; null where the label is unknown. Never throws. */
export function decodeExactly(bytes: Uint8Array, label: string): DecodedText | null {
	const charset = charsetOf(label);
	switch (charset?.decoder) {
		case 'web':
			return charset.trust === 'utf-16' ? utf16(bytes, charset.name) : named(bytes, charset.name);
		case 'iconv':
			return { text: iconv.decode(bytes, charset.name), charset: charset.name, unknownLabel: false };
		case 'shifted':
			return { text: decodeShifted(bytes, charset.name), charset: charset.name, unknownLabel: false };
		case 'none':
		case undefined:
			return null;
	}
}

/** The charset an HTML document names for itself in its first 2,000 bytes (HTML Standard, 13.2.3.2); or null. */
export function metaCharset(html: Uint8Array): string | null {
	const head = Buffer.from(html.buffer, html.byteOffset, Math.min(html.byteLength, 2000)).toString('latin1');
	return /<meta\b[^>]{0,300}?\bcharset\s*=\s*["']?\s*([\w:.-]{2,40})/i.exec(head)?.[1] ?? null;
}

/** The name under which a label's charset is expected elsewhere in the message; null where it says nothing. */
export function expectedCharset(label: string | null): string | null {
	const charset = charsetOf(label);
	return charset?.decoder === 'web' ? charset.name : null;
}
