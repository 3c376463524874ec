/**
 * The message parser: pure, synchronous, and without an input it fails on. What is wrong with a message is told as
 * defects; everything else of it is shown as far as it goes. Time and memory are linear in the message.
 */
import type { Content, Defect, Summary, ThreadKeys } from '#schema/mail/summary.ts';
import { selectBody, type Body } from './body-selection.ts';
import { expectedCharset } from './charset.ts';
import { decodeContent, type ContentText } from './content-text.ts';
import { fieldValue, findHeaderBlock, readHeaderFields, type HeaderFields } from './header-block.ts';
import { contentIdsIn } from './html-text.ts';
import { summarizeHeader, threadKeysOf } from './message-summary.ts';
import { filenameOf, listParts } from './part-list.ts';
import { snippetOf } from './snippet.ts';
import { entityAt, scanMessage, type Entity, type Structure } from './structure.ts';
import { decodeTransfer } from './transfer-encoding.ts';

/** Version of what `parseMessage` makes; raised when the same bytes give something else. */
export const parserVersion = 1;

/** Bytes of a message that `summarizeUnparsed` looks at. */
export const unparsedHeaderBytes = 16 * 1024;

export interface ParsedMessage {
	readonly summary: Summary;
	readonly threadKeys: ThreadKeys;
	readonly content: Content;
}

/** The charset that the encoded words of the header name; null where they name none. */
function charsetOfHeader(fields: HeaderFields): string | null {
	const word = /=\?([^?*\s]{2,40})[?*]/.exec(fieldValue(fields, 'subject') + fieldValue(fields, 'from'));
	return word ? expectedCharset(word[1] ?? null) : null;
}

/** A message taken apart and its texts decoded. */
interface Opened extends Body {
	readonly bytes: Buffer;
	readonly root: Entity;
	readonly defects: Set<Defect>;
	readonly content: ContentText;
	/** The charset that raw 8-bit bytes outside the texts are expected in. */
	readonly expected: string | null;
}

function open(structure: Structure, chosen: string | null): Opened {
	const { bytes, root } = structure;
	const defects = new Set(structure.defects);
	const body = selectBody(root);
	const headerCharset = charsetOfHeader(root.fields);
	const content = decodeContent(bytes, body, { chosen, expected: headerCharset }, defects);
	const expected = (chosen === null ? null : expectedCharset(chosen)) ?? content.charset ?? headerCharset;
	return { ...body, bytes, root, defects, content, expected };
}

function parse(message: Uint8Array, chosen: string | null): ParsedMessage {
	const { bytes, root, defects, content, expected, remaining } = open(scanMessage(message), chosen);
	const { text, html } = content;
	const shownIds = html === null ? new Set<string>() : contentIdsIn(html);
	const { parts, attachments } = listParts(bytes, remaining, shownIds, html !== null, expected);
	const header = summarizeHeader(root.fields, expected);
	return {
		summary: { ...header, snippet: snippetOf(text, html), size: bytes.length, attachments },
		threadKeys: threadKeysOf(root.fields, header.subject),
		content: { text, html, parts, defects: [...defects], parser: parserVersion }
	};
}

const noSummary: Summary = {
	messageId: '',
	from: [],
	to: [],
	cc: [],
	replyTo: [],
	subject: '',
	snippet: '',
	sentAt: null,
	size: 0,
	attachments: 0
};

/**
 * What is shown of a message that could not be parsed: its header as far as the first 16 KB tell it, and the defect
 * `unparsable`. Never throws.
 * @param head the beginning of the message; more than 16 KB of it are not looked at
 * @param size bytes of the whole message
 */
export function summarizeUnparsed(head: Uint8Array, size: number): ParsedMessage {
	let summary: Summary = { ...noSummary, size };
	let threadKeys: ThreadKeys = { messageId: '', references: [], baseSubject: '', isReply: false };
	try {
		const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, unparsedHeaderBytes));
		const fields = readHeaderFields(bytes, findHeaderBlock(bytes, 0, bytes.length, 10), 10);
		summary = { ...summary, ...summarizeHeader(fields, null) };
		threadKeys = threadKeysOf(fields, summary.subject);
	} catch {
		// Even its header is what broke the parser; it is kept and shown without one.
	}
	const content: Content = {
		text: null,
		html: null,
		parts: [],
		defects: ['unparsable'],
		parser: parserVersion
	};
	return { summary, threadKeys, content };
}

function parseSafely(message: Uint8Array, chosen: string | null): ParsedMessage {
	try {
		return parse(message, chosen);
	} catch {
		// A fault of the parser must not cost the message; the defect tells of it.
		return summarizeUnparsed(message, message.byteLength);
	}
}

/** Parses a message. Never throws, on any bytes. */
export function parseMessage(message: Uint8Array): ParsedMessage {
	return parseSafely(message, null);
}

/**
 * Parses a message with its texts read in the charset the reader chose, whatever the message says; raw 8-bit bytes of
 * the header are expected in it too. An unknown label is told as `unknown-charset` and changes nothing. Never throws.
 */
export function decodeAs(message: Uint8Array, charset: string): ParsedMessage {
	return parseSafely(message, charset);
}

/** One part of a message, as a file. */
export interface PartFile {
	/** Lower-case media type. */
	readonly type: string;
	readonly filename: string | null;
	/** The content with its transfer encoding undone; it may share memory with the message. */
	readonly bytes: Buffer;
}

/**
 * The part with an IMAP section number (`Part.section`), decoded; of an embedded message its bytes. Null where the
 * message has no such part. Never throws.
 */
export function readPart(message: Uint8Array, section: string): PartFile | null {
	const structure = scanMessage(message);
	const entity = entityAt(structure, section);
	if (!entity) return null;
	const body = structure.bytes.subarray(entity.bodyStart, entity.bodyEnd);
	return {
		type: entity.mediaType.type,
		filename: filenameOf(entity, open(structure, null).expected),
		bytes: entity.kind === 'leaf' ? decodeTransfer(body, entity.encoding) : body
	};
}
