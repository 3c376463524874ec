import { createHash } from 'node:crypto';
import type { OrganisationId } from '#schema/ids.ts';
import { BlobError, blobHashOf, inlineLimit, type BlobStore } from '../store/blobs/blob-store.ts';
import type { StoredContent } from '../store/queue/envelope.ts';
import { headLimit } from './header.ts';

/** A message's bytes, received whole: in memory where they are few, else durable in the blob store. */
export interface CollectedContent {
	readonly size: number;
	/** SHA-256. */
	readonly dataHash: Uint8Array;
	readonly stored: StoredContent;
	/** The beginning: at least the whole header, as far as {@link headLimit}. */
	readonly head: Uint8Array;
	/** Gives back the blob's reservation; after the commit that refers to it, or when it came to nothing. */
	release(): void;
}

export interface Collecting {
	readonly blobs: BlobStore;
	readonly organisation: OrganisationId;
	readonly maxBytes: number;
}

/**
 * Receives a message, never holding more than its beginning where it is large. The source's own error is
 * passed on, and nothing stays.
 *
 * @throws BlobError `too-large` past `maxBytes`, `full` where there is no room for a large one
 */
export async function collectContent(
	source: AsyncIterable<Uint8Array>,
	{ blobs, organisation, maxBytes }: Collecting
): Promise<CollectedContent> {
	const pieces = source[Symbol.asyncIterator]();
	const start: Uint8Array[] = [];
	let size = 0;
	for (;;) {
		const piece = await pieces.next();
		if (piece.done === true) return inline(Buffer.concat(start, size), maxBytes);
		start.push(piece.value);
		size += piece.value.byteLength;
		if (size > inlineLimit) break;
	}
	const head = new Head();
	const whole = through(start, pieces, (piece) => head.add(piece));
	const { hash, size: stored, reservation } = await blobs.put(organisation, whole, maxBytes);
	return {
		size: stored,
		dataHash: Buffer.from(hash, 'hex'),
		stored: { kind: 'blob' },
		head: head.bytes(),
		release: () => reservation.release()
	};
}

function inline(bytes: Buffer, maxBytes: number): CollectedContent {
	if (bytes.byteLength > maxBytes) throw new BlobError('too-large');
	return {
		size: bytes.byteLength,
		dataHash: createHash('sha256').update(bytes).digest(),
		stored: { kind: 'inline', bytes },
		head: bytes,
		release: () => undefined
	};
}

async function* through(
	start: readonly Uint8Array[],
	rest: AsyncIterator<Uint8Array>,
	see: (piece: Uint8Array) => void
): AsyncGenerator<Uint8Array> {
	try {
		for (const piece of start) {
			see(piece);
			yield piece;
		}
		for (let piece = await rest.next(); piece.done !== true; piece = await rest.next()) {
			see(piece.value);
			yield piece.value;
		}
	} finally {
		await rest.return?.();
	}
}

/** Keeps the beginning of a message. */
class Head {
	readonly #pieces: Uint8Array[] = [];
	#size = 0;

	add(piece: Uint8Array): void {
		if (this.isFull) return;
		this.#pieces.push(piece);
		this.#size += piece.byteLength;
	}

	get isFull(): boolean {
		return this.#size >= headLimit;
	}

	bytes(): Buffer {
		return Buffer.concat(this.#pieces, this.#size).subarray(0, headLimit);
	}
}

/** Content that is stored, by the envelope that refers to it. */
export interface StoredMessage {
	readonly organisation: OrganisationId;
	readonly dataHash: Uint8Array;
	readonly content: StoredContent;
}

/** The content of an envelope was not there, which means that something else removed it. */
export class ContentMissingError extends Error {
	override readonly name = 'ContentMissingError';
}

/**
 * The bytes of stored content, from the beginning.
 *
 * @throws ContentMissingError while it is read, where the blob store does not have it
 */
export async function* readContent(blobs: BlobStore, message: StoredMessage): AsyncGenerator<Uint8Array> {
	if (message.content.kind === 'inline') {
		yield message.content.bytes;
		return;
	}
	const { organisation, dataHash } = message;
	const found = await blobs.get({ organisation, hash: blobHashOf(dataHash) });
	if (found === null) throw new ContentMissingError();
	yield* found;
}

/**
 * The file that holds the bytes of stored content that is not in its row.
 *
 * @throws ContentMissingError where the blob store does not have it
 */
export async function fileOf(blobs: BlobStore, { organisation, dataHash }: StoredMessage): Promise<string> {
	const file = await blobs.fileOf({ organisation, hash: blobHashOf(dataHash) });
	if (file === null) throw new ContentMissingError();
	return file;
}

/** The beginning of stored content, at least its header as far as {@link headLimit}. */
export async function readHead(blobs: BlobStore, message: StoredMessage): Promise<Uint8Array> {
	if (message.content.kind === 'inline') return message.content.bytes;
	const head = new Head();
	for await (const piece of readContent(blobs, message)) {
		head.add(piece);
		if (head.isFull) break;
	}
	return head.bytes();
}
