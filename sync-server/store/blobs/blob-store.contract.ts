import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OrganisationId } from '#schema/ids.ts';
import { BlobError, collectionAge, type BlobHash, type BlobKey, type BlobStore } from './blob-store.ts';

/** A driver under test: empty, its clock moved by hand. */
export interface TrialBlobs {
	readonly blobs: BlobStore;
	/** Sets the time, milliseconds UTC. */
	at(now: number): void;
	/** What the driver holds besides whole blobs, such as files half written. */
	leftovers(): Promise<readonly string[]>;
	close(): Promise<void>;
}

const start = 1_800_000_000_000;
const organisation = 'org' as OrganisationId;
const bytes = (text: string) => new TextEncoder().encode(text);
const hashOf = (data: Uint8Array) => createHash('sha256').update(data).digest('hex') as BlobHash;

async function* pieces(...texts: string[]): AsyncIterable<Uint8Array> {
	for (const text of texts) yield bytes(text);
}

async function* broken(): AsyncIterable<Uint8Array> {
	yield bytes('begun');
	throw new Error('the sender went away');
}

async function* keys(...list: BlobKey[]): AsyncIterable<BlobKey> {
	yield* list;
}

async function whole(stream: AsyncIterable<Uint8Array> | null): Promise<string | null> {
	if (stream === null) return null;
	const chunks: Uint8Array[] = [];
	for await (const chunk of stream) chunks.push(chunk);
	return Buffer.concat(chunks).toString();
}

/** The contract of `BlobStore`; every driver is run through it. */
export function describeBlobStore(name: string, open: () => Promise<TrialBlobs>): void {
	describe(`the blob store of ${name}`, () => {
		let trial: TrialBlobs;
		let blobs: BlobStore;
		beforeEach(async () => {
			trial = await open();
			blobs = trial.blobs;
			trial.at(start);
		});
		afterEach(() => trial.close());

		const put = (source: Uint8Array | AsyncIterable<Uint8Array>) => blobs.put(organisation, source, 1000);
		const key = (text: string): BlobKey => ({ organisation, hash: hashOf(bytes(text)) });

		it('[S32] gives bytes back under their hash, whole or a stretch', async () => {
			expect(await put(bytes('hello, goose'))).toMatchObject({
				hash: hashOf(bytes('hello, goose')),
				size: 12
			});
			expect(await put(pieces('hello, ', 'goose'))).toMatchObject({ hash: hashOf(bytes('hello, goose')) });
			const { hash } = await put(bytes('hello, goose'));
			expect(await whole(await blobs.get({ organisation, hash }))).toBe('hello, goose');
			expect(await whole(await blobs.get({ organisation, hash }, { start: 7, end: 10 }))).toBe('goo');
			expect(await whole(await blobs.get({ organisation, hash }, { start: 7, end: 99 }))).toBe('goose');
			expect(await whole(await blobs.get({ organisation, hash }, { start: 7, end: 7 }))).toBe('');
			expect(await blobs.stat({ organisation, hash })).toEqual({ size: 12 });
			expect(readFileSync((await blobs.fileOf({ organisation, hash })) ?? '', 'utf8')).toBe('hello, goose');
		});

		it('[S32] stores what is empty, and knows nothing of what was never put', async () => {
			const { hash, size } = await put(pieces());
			expect(size).toBe(0);
			expect(await whole(await blobs.get({ organisation, hash }))).toBe('');
			expect(await blobs.get(key('never'))).toBeNull();
			expect(await blobs.stat(key('never'))).toBeNull();
			expect(await blobs.fileOf(key('never'))).toBeNull();
			expect(await blobs.reserve(key('never'))).toBeNull();
		});

		it('[S35] refuses what is over the bound, bytes or stream, and keeps nothing of it', async () => {
			await expect(blobs.put(organisation, bytes('12345'), 4)).rejects.toEqual(new BlobError('too-large'));
			await expect(blobs.put(organisation, pieces('123', '45'), 4)).rejects.toEqual(
				new BlobError('too-large')
			);
			await expect(blobs.put(organisation, pieces('12', '34'), 4)).resolves.toMatchObject({ size: 4 });
			expect(await blobs.stat(key('12345'))).toBeNull();
			expect(await trial.leftovers()).toEqual([]);
		});

		it('[S32] passes a broken source on and keeps nothing of it', async () => {
			await expect(put(broken())).rejects.toThrow('the sender went away');
			expect(await blobs.stat(key('begun'))).toBeNull();
			expect(await trial.leftovers()).toEqual([]);
		});

		it('[S35] gives no organisation the blobs of another, and takes no path for a key', async () => {
			const { hash } = await put(bytes('ours'));
			expect(await blobs.get({ organisation: 'theirs' as OrganisationId, hash })).toBeNull();
			await expect(blobs.get({ organisation: '..' as OrganisationId, hash })).rejects.toThrow(TypeError);
			await expect(blobs.get({ organisation, hash: '../../etc/passwd' as BlobHash })).rejects.toThrow(
				TypeError
			);
			await expect(blobs.put('../x' as OrganisationId, bytes('x'), 9)).rejects.toThrow(TypeError);
			expect(await trial.leftovers()).toEqual([]);
		});

		it('[S32] takes the same bytes from many at once', async () => {
			const many = await Promise.all(Array.from({ length: 20 }, () => put(pieces('same ', 'bytes'))));
			expect(new Set(many.map(({ hash }) => hash)).size).toBe(1);
			expect(await whole(await blobs.get(key('same bytes')))).toBe('same bytes');
		});

		it('[S34] collects what is old, has no reference and no reservation, and nothing else', async () => {
			const old = await put(bytes('old'));
			const used = await put(bytes('used'));
			const awaited = await put(bytes('awaited'));
			old.reservation.release();
			used.reservation.release();
			trial.at(start + collectionAge - 1000);
			(await put(bytes('young'))).reservation.release();
			expect(await blobs.collect(keys(key('used')))).toEqual({ kept: 4, removed: 0, removedBytes: 0 });
			trial.at(start + collectionAge + 1000);
			expect(await blobs.collect(keys(key('used')))).toEqual({ kept: 3, removed: 1, removedBytes: 3 });
			expect(await blobs.stat(key('old'))).toBeNull();
			awaited.reservation.release();
			expect(await blobs.collect(keys())).toEqual({ kept: 1, removed: 2, removedBytes: 11 });
		});

		it('[S33] holds a blob until the last who reserved it lets go', async () => {
			const first = await put(bytes('shared'));
			const second = await put(bytes('shared'));
			const third = await blobs.reserve(key('shared'));
			trial.at(start + 2 * collectionAge);
			first.reservation.release();
			first.reservation.release();
			expect(await blobs.collect(keys())).toMatchObject({ kept: 1 });
			second.reservation.release();
			expect(await blobs.collect(keys())).toMatchObject({ kept: 1 });
			third?.release();
			expect(await blobs.collect(keys())).toMatchObject({ removed: 1 });
		});

		it('[S34] makes an old blob young that is put again', async () => {
			(await put(bytes('again'))).reservation.release();
			trial.at(start + 2 * collectionAge);
			(await put(bytes('again'))).reservation.release();
			expect(await blobs.collect(keys())).toEqual({ kept: 1, removed: 0, removedBytes: 0 });
		});

		it('[S34] keeps a blob that is put while a collection runs', async () => {
			(await put(bytes('late'))).reservation.release();
			trial.at(start + 2 * collectionAge);
			async function* meanwhile(): AsyncIterable<BlobKey> {
				(await put(bytes('late'))).reservation.release();
				yield key('another');
			}
			expect(await blobs.collect(meanwhile())).toMatchObject({ kept: 1, removed: 0 });
		});
	});
}
