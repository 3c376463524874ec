import type { OrganisationId } from '#schema/ids.ts';
import type { MessageSource } from '../mail/parser-pool.ts';
import type { BlobHash, BlobStore } from '../store/blobs/blob-store.ts';
import { StoreError } from '../store/store-error.ts';
import type { HttpContext } from './environment.ts';
import { problem } from './problems.ts';

/** Bytes that a row refers to: themselves, or where they lie. */
type StoredBytes =
	| { readonly kind: 'inline'; readonly bytes: Uint8Array }
	| { readonly kind: 'blob'; readonly hash: BlobHash; readonly size: number };

/** Bytes that a row was found to refer to are not there. */
export class BytesMissingError extends StoreError {
	constructor() {
		super('broken', 'a blob that is referred to is not there');
	}
}

/**
 * Answers with what is made of something that is looked up; 404 where it is not there. Where its bytes are missing and
 * it is gone itself by now, both were removed meanwhile, and the answer is the same; else something is broken.
 *
 * @throws BytesMissingError where it is there still and its bytes are not
 */
export async function answerWith<Found>(
	context: HttpContext,
	lookUp: () => Promise<Found | null>,
	answer: (found: Found) => Promise<Response>
): Promise<Response> {
	const found = await lookUp();
	if (found === null) return problem(context, 404, 'unknown-subject');
	try {
		return await answer(found);
	} catch (error) {
		const isRemoved = error instanceof BytesMissingError && (await lookUp()) === null;
		if (isRemoved) return problem(context, 404, 'unknown-subject');
		throw error;
	}
}

/**
 * Stored bytes as the body of an answer, not held whole in memory.
 *
 * @throws BytesMissingError
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
 * @throws BytesMissingError
 */
export async function sourceOf(
	stored: StoredBytes,
	blobs: BlobStore,
	organisation: OrganisationId
): Promise<MessageSource> {
	if (stored.kind === 'inline') return stored.bytes;
	const path = await blobs.fileOf({ organisation, hash: stored.hash });
	if (path === null) throw new BytesMissingError();
	return { path };
}

async function chunksOf(
	hash: BlobHash,
	blobs: BlobStore,
	organisation: OrganisationId
): Promise<AsyncIterable<Uint8Array>> {
	const chunks = await blobs.get({ organisation, hash });
	if (chunks === null) throw new BytesMissingError();
	return chunks;
}
