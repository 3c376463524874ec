import { Readable } from 'node:stream';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { AttachmentId } from '#schema/ids.ts';
import type { ComposedLetter } from '#schema/mail/submission.ts';
import type { ZonedInstant } from '#schema/zoned-instant.ts';
import type { LetterBody, LetterPart } from './letter-body.ts';
import { dateField } from './trace.ts';

/** A file that goes with a letter. */
export interface LetterFile {
	readonly id: AttachmentId;
	readonly name: string;
	/** Media type as the device gave it; anything. */
	readonly type: string;
	/** Its bytes from the beginning; opened once, when it is their turn. */
	readonly open: () => AsyncIterable<Uint8Array>;
}

export interface Rendering {
	/** With angle brackets. */
	readonly messageId: string;
	/** Makes the boundaries; such that they occur nowhere in the letter. */
	readonly boundary: string;
	/** In the order of the letter. */
	readonly files: readonly LetterFile[];
	/** What the Date header says. */
	readonly sentAt: ZonedInstant;
}

/**
 * A letter's bytes (RFC 5322, CRLF line ends), as a stream that opens each file when it is its turn. Its
 * body is cleaned HTML and the plain text made of it; files the HTML shows (`cid:` and the file's id) lie beside it, the others
 * are attached; Bcc is nowhere in the bytes. The stream fails where a file can't be read.
 */
export function renderLetter(letter: ComposedLetter, body: LetterBody, rendering: Rendering): Readable {
	const composer = new MailComposer({
		from: letter.from,
		to: letter.to.length + letter.cc.length === 0 ? 'undisclosed-recipients:;' : letter.to,
		cc: letter.cc,
		subject: letter.subject,
		messageId: rendering.messageId,
		...(letter.inReplyTo === null ? {} : { inReplyTo: letter.inReplyTo }),
		references: letter.references,
		date: dateField(rendering.sentAt.at, rendering.sentAt.zone),
		text: partOf(body.text),
		html: partOf(body.html),
		attachments: rendering.files.map((file) => ({
			filename: file.name === '' ? 'attachment' : file.name,
			contentType: mediaType(file.type),
			content: Readable.from(file.open(), { objectMode: false }),
			...(body.shown.has(file.id)
				? { cid: file.id, contentDisposition: 'inline' }
				: { contentDisposition: 'attachment' })
		})),
		baseBoundary: rendering.boundary,
		newline: 'win',
		disableFileAccess: true,
		disableUrlAccess: true
	});
	return composer.compile().createReadStream();
}

/** Bytes of an encoded part that are handed on between two turns of the event loop. */
const pieceBytes = 64 << 10;

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	for (let start = 0; start < bytes.byteLength; start += pieceBytes) {
		yield bytes.subarray(start, start + pieceBytes);
		await new Promise(setImmediate);
	}
}

/** A part of the body as the composer takes it. */
function partOf(part: LetterPart): string | { raw: Readable } {
	return typeof part === 'string' ? part : { raw: Readable.from(inPieces(part), { objectMode: false }) };
}

/**
 * The media type of a file, or the one that says nothing. A message is attached as plain bytes, because a
 * `message/rfc822` part can't be encoded and what is in the file may not be one.
 */
function mediaType(type: string): string {
	const plain = /^[a-z0-9][a-z0-9!#$&^_.+-]{0,60}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,90}$/i.exec(type)?.[0];
	if (plain === undefined || /^(multipart|message)\//i.test(plain)) return 'application/octet-stream';
	return plain.toLowerCase();
}
