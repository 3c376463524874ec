import type { OrganisationId } from '#schema/ids.ts';
import type { BlobHash, BlobStore } from '../store/blobs/blob-store.ts';
import { StoreError } from '../store/store-error.ts';

/** Bytes that a row refers to: themselves, or where they lie. */
type StoredBytes =
	| { readonly kind: 'inline'; readonly bytes: Uint8Array }
	| { readonly kind: 'blob'; readonly hash: BlobHash; readonly size: number };

/**
 * Stored bytes as the body of an answer, not held whole in memory.
 *
 * @throws StoreError `broken` where a row refers to a blob that is not there
 */
export async function streamOf(
	stored: StoredBytes,
	blobs: BlobStore,
	organisation: OrganisationId
): Promise<ReadableStream<Uint8Array> | Uint8Array<ArrayBuffer>> {
	if (stored.kind === 'inline') return new Uint8Array(stored.bytes);
	return ReadableStream.from(await chunksOf(stored.hash, blobs, organisation));
}

/** Stored bytes, whole, in memory of their own. */
export async function bytesOf(
	stored: StoredBytes,
	blobs: BlobStore,
	organisation: OrganisationId
): Promise<Uint8Array> {
	if (stored.kind === 'inline') return new Uint8Array(stored.bytes);
	const bytes = new Uint8Array(stored.size);
	let end = 0;
	for await (const chunk of await chunksOf(stored.hash, blobs, organisation)) {
		bytes.set(chunk, end);
		end += chunk.byteLength;
	}
	return bytes;
}

async function chunksOf(
	hash: BlobHash,
	blobs: BlobStore,
	organisation: OrganisationId
): Promise<AsyncIterable<Uint8Array>> {
	const chunks = await blobs.get({ organisation, hash });
	if (chunks === null) throw new StoreError('broken', 'a blob that is referred to is not there');
	return chunks;
}
