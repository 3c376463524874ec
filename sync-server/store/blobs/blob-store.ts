import type { OrganisationId } from '#schema/ids.ts';

declare const hashed: unique symbol;

/** SHA-256 of a blob's bytes, 64 lower-case hexadecimal digits. */
export type BlobHash = string & { readonly [hashed]: 'sha-256' };

/** Whether a text is a hash at all (its shape, not whether there is such a blob). */
export function isBlobHash(text: string): text is BlobHash {
	return /^[0-9a-f]{64}$/.test(text);
}

/** Where a blob lies. Knowing a hash gives no right to it: it is reached through a row that refers to it. */
export interface BlobKey {
	readonly organisation: OrganisationId;
	readonly hash: BlobHash;
}

/** Keeps a blob from being collected until the row that refers to it is committed, or given up. */
export interface Reservation {
	release(): void;
}

/** A blob whose bytes and name are on the disk. */
export interface PutBlob {
	readonly hash: BlobHash;
	/** Bytes. */
	readonly size: number;
	readonly reservation: Reservation;
}

/** Why a blob was not stored; nothing of it stays. */
export class BlobError extends Error {
	readonly kind: 'too-large' | 'full';

	constructor(kind: 'too-large' | 'full') {
		super(kind);
		this.name = 'BlobError';
		this.kind = kind;
	}
}

/** Content up to this size rides in the row that refers to it, larger content lies in the blob store; bytes. */
export const inlineLimit = 64 << 10;

/** What may be stored: bytes at once, or as they come. */
export type BlobSource = Uint8Array | AsyncIterable<Uint8Array>;

/** A stretch of a blob, bytes: from `start`, up to but without `end`. */
export interface BlobRange {
	readonly start: number;
	readonly end: number;
}

/** What a collection did. */
export interface Collected {
	readonly kept: number;
	readonly removed: number;
	readonly removedBytes: number;
}

/** Content too large for a row, by the hash of its bytes. Putting the same bytes twice stores them once. */
export interface BlobStore {
	/**
	 * Stores bytes; when it resolves they survive a loss of power. Never holds a stream whole in memory. If the
	 * source fails, its error is passed on and nothing stays.
	 *
	 * @throws BlobError `too-large` past `maxBytes`, `full` where there is no room
	 */
	put(organisation: OrganisationId, source: BlobSource, maxBytes: number): Promise<PutBlob>;
	/**
	 * The bytes, or a stretch of them, in chunks, to be read to the end or given up (`return`): once answered they are
	 * there, also where the blob is removed meanwhile. Null where there is no such blob.
	 */
	get(key: BlobKey, range?: BlobRange): Promise<AsyncIterable<Uint8Array> | null>;
	/**
	 * A file of this machine that holds the bytes and is only to be read, for threads that read it themselves; it stays
	 * as long as the blob does. Null where there is no such blob.
	 */
	fileOf(key: BlobKey): Promise<string | null>;
	/** Its size in bytes; null where there is no such blob. */
	stat(key: BlobKey): Promise<{ readonly size: number } | null>;
	/** Keeps a blob that is there already for one more row; null where there is none. */
	reserve(key: BlobKey): Promise<Reservation | null>;
	/**
	 * Removes what has no reference, no reservation and is older than seven days. `references` must name places
	 * in the order in which references move: the queue before the spaces it delivers to. It may be broken off at any
	 * blob; the promise then rejects with the signal's reason.
	 */
	collect(references: AsyncIterable<BlobKey>, signal?: AbortSignal): Promise<Collected>;
}

/** The hash of bytes, where they were hashed elsewhere: 32 bytes of SHA-256. */
export function blobHashOf(sha256: Uint8Array): BlobHash {
	const text = Array.from(sha256, (byte) => byte.toString(16).padStart(2, '0')).join('');
	if (!isBlobHash(text)) throw new TypeError('not a SHA-256 hash');
	return text;
}

/** How old a blob without a reference must be before it is collected, milliseconds. */
export const collectionAge = 7 * 24 * 3600 * 1000;
