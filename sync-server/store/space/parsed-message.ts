import type { Content, Summary, ThreadKeys } from '#schema/mail/summary.ts';
import type { BlobHash } from '../blobs/blob-store.ts';

/** What the parser made of a message's bytes. */
export interface ParsedMessage {
	readonly summary: Summary;
	readonly threadKeys: ThreadKeys;
	readonly content: Content;
}

/** A message's bytes as they are handed over: themselves, or where they lie. */
export type BodyReference =
	| { readonly kind: 'inline'; readonly bytes: Uint8Array }
	| { readonly kind: 'blob'; readonly hash: BlobHash; readonly size: number };

/** A body as rows hold it. */
export interface BodyColumns {
	readonly size: number;
	readonly hash: string | null;
	readonly bytes: Buffer | null;
}

/** A body as columns. */
export function columnsOf(body: BodyReference): BodyColumns {
	switch (body.kind) {
		case 'inline': {
			const { buffer, byteOffset, byteLength } = body.bytes;
			return { size: byteLength, hash: null, bytes: Buffer.from(buffer, byteOffset, byteLength) };
		}
		case 'blob':
			return { size: body.size, hash: body.hash, bytes: null };
	}
}

/** Columns as a body. */
export function bodyOf({ size, hash, bytes }: BodyColumns): BodyReference {
	// A hash in a row was a hash when it was written.
	return bytes === null ? { kind: 'blob', hash: hash as BlobHash, size } : { kind: 'inline', bytes };
}
