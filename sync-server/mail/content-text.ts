/** The text and the HTML of a message, decoded and put together from the parts that make them up. */
import { Buffer } from 'node:buffer';
import { escapeHtml } from '#schema/mail/html.ts';
import type { Defect } from '#schema/mail/summary.ts';
import type { Body } from './body-selection.ts';
import { decodeExactly, decodeText, expectedCharset, metaCharset, type DecodedText } from './charset.ts';
import { charsetOf } from './charset-labels.ts';
import { textOfHtml } from './html-text.ts';
import type { Leaf } from './structure.ts';
import { decodeTransfer, isBrokenTransfer } from './transfer-encoding.ts';

/** Most bytes of text, and of HTML, that are given out; and of an encoded part that are decoded for them. */
const textLimits = { bytes: 2 * 1024 * 1024, encodedBytes: 8 * 1024 * 1024 } as const;

/** How the text of a message is to be read. */
export interface Reading {
	/** The charset the reader chose instead of what the message says; null: as it says. */
	readonly chosen: string | null;
	/** The charset that the header speaks for; null where it speaks for none. */
	readonly expected: string | null;
}

export interface ContentText {
	readonly text: string | null;
	readonly html: string | null;
	/** The charset of the first text: raw bytes elsewhere in the message are likely of the same. Null: it had none. */
	readonly charset: string | null;
}

interface Decoder {
	readonly bytes: Buffer;
	readonly reading: Reading;
	readonly defects: Set<Defect>;
	readonly done: Map<Leaf, string>;
	charset: string | null;
}

function labelled(content: Buffer, leaf: Leaf, expected: string | null): DecodedText {
	const label = leaf.mediaType.parameters.get('charset')?.bytes ?? null;
	const meta = leaf.mediaType.type === 'text/html' ? metaCharset(content) : null;
	const charset = charsetOf(label);
	if (meta === null) return decodeText(content, label, expected);
	// A part without a charset is as the document says; one whose charset is a mailer's default may be.
	if (charset === null || charset.decoder === 'none') return decodeText(content, meta, expected);
	return decodeText(content, label, expectedCharset(meta) ?? expected);
}

/** The beginning of text that is too long, not cut within a character: at a line end, or before a UTF-8 character. */
function beginningOf(bytes: Buffer): Buffer {
	if (bytes.length <= textLimits.bytes) return bytes;
	const line = bytes.lastIndexOf(10, textLimits.bytes - 1);
	if (line > textLimits.bytes - 4096) return bytes.subarray(0, line + 1);
	let end: number = textLimits.bytes;
	while (end > textLimits.bytes - 4 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
	return bytes.subarray(0, end);
}

function decodeLeaf(decoder: Decoder, leaf: Leaf): string {
	const known = decoder.done.get(leaf);
	if (known !== undefined) return known;
	const { defects, reading } = decoder;
	const encoded = decoder.bytes.subarray(leaf.bodyStart, leaf.bodyEnd);
	const whole = decodeTransfer(encoded.subarray(0, textLimits.encodedBytes), leaf.encoding);
	if (isBrokenTransfer(encoded.subarray(0, textLimits.encodedBytes), leaf.encoding))
		defects.add('bad-transfer-encoding');
	if (encoded.length > textLimits.encodedBytes || whole.length > textLimits.bytes)
		defects.add('text-truncated');
	const content = beginningOf(whole);
	const chosen = reading.chosen === null ? null : decodeExactly(content, reading.chosen);
	const decoded = chosen ?? labelled(content, leaf, decoder.charset ?? reading.expected);
	if (decoded.unknownLabel) defects.add('unknown-charset');
	decoder.charset ??=
		decoded.charset === 'us-ascii'
			? expectedCharset(leaf.mediaType.parameters.get('charset')?.bytes ?? null)
			: decoded.charset;
	// eslint-disable-next-line no-control-regex -- a NUL is no text, and ends the text for some programs
	const text = decoded.text.replace(/\r\n?|\u0000/g, (found) => (found === '\u0000' ? '' : '\n'));
	decoder.done.set(leaf, text);
	return text;
}

/** Joins pieces of text up to the limit of UTF-8 bytes; a character is never cut. */
function joinBounded(pieces: Iterable<string>, separator: string, defects: Set<Defect>): string {
	let joined = '';
	let room: number = textLimits.bytes;
	for (const piece of pieces) {
		if (room <= 0) {
			defects.add('text-truncated');
			break;
		}
		const next = joined === '' || joined.endsWith(separator) ? piece : separator + piece;
		const size = Buffer.byteLength(next);
		if (size > room) {
			const bytes = Buffer.from(next);
			let end = room;
			while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
			defects.add('text-truncated');
			return joined + bytes.toString('utf8', 0, end);
		}
		joined += next;
		room -= size;
	}
	return joined;
}

const isHtml = (leaf: Leaf): boolean => leaf.mediaType.type === 'text/html';

function* plainPieces(decoder: Decoder, leaves: readonly Leaf[]): Generator<string> {
	for (const leaf of leaves) {
		const piece = decodeLeaf(decoder, leaf);
		yield isHtml(leaf) ? textOfHtml(piece, textLimits.bytes) : piece;
	}
}

function* htmlPieces(decoder: Decoder, leaves: readonly Leaf[]): Generator<string> {
	for (const leaf of leaves) {
		const piece = decodeLeaf(decoder, leaf);
		yield isHtml(leaf) ? piece : `<div style="white-space: pre-wrap">${escapeHtml(piece)}</div>`;
	}
}

/**
 * Decodes the text and the HTML of a message, 2 MB of each. Where plain and HTML pieces follow one another, each form
 * holds all of them: HTML made plain in the one, text made HTML in the other. What went wrong is added to `defects`.
 */
export function decodeContent(
	bytes: Buffer,
	body: Body,
	reading: Reading,
	defects: Set<Defect>
): ContentText {
	const decoder: Decoder = { bytes, reading, defects, done: new Map(), charset: null };
	if (reading.chosen !== null && charsetOf(reading.chosen) === null) defects.add('unknown-charset');
	const hasText = body.text.some((leaf) => !isHtml(leaf));
	const hasHtml = body.html.some(isHtml);
	const text = hasText ? joinBounded(plainPieces(decoder, body.text), '\n', defects) : null;
	const html = hasHtml ? joinBounded(htmlPieces(decoder, body.html), '\n', defects) : null;
	return { text, html, charset: decoder.charset };
}
