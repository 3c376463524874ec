import type { OrganisationId } from '#schema/ids.ts';
import type { MessageSource } from '../mail/parser-pool.ts';
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

/**
 * Stored bytes for somebody who reads them whole, elsewhere: themselves, or the file that holds them.
 *
 * @throws StoreError `broken` where a row refers to a blob that is not there
 */
export async function sourceOf(
	stored: StoredBytes,
	blobs: BlobStore,
	organisation: OrganisationId
): Promise<MessageSource> {
	if (stored.kind === 'inline') return stored.bytes;
	const path = await blobs.fileOf({ organisation, hash: stored.hash });
	if (path === null) throw missing();
	return { path };
}

async function chunksOf(
	hash: BlobHash,
	blobs: BlobStore,
	organisation: OrganisationId
): Promise<AsyncIterable<Uint8Array>> {
	const chunks = await blobs.get({ organisation, hash });
	if (chunks === null) throw missing();
	return chunks;
}

function missing(): StoreError {
	return new StoreError('broken', 'a blob that is referred to is not there');
}
