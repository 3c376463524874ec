import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OrganisationId } from '#schema/ids.ts';
import { blobHashOf, isBlobHash, type BlobKey, type BlobStore } from './blob-store.ts';
import { describeBlobStore } from './blob-store.contract.ts';
import { fileBlobs } from './file-blobs.ts';

const newFolder = () => mkdtempSync(path.join(tmpdir(), 'hongyan-blobs-'));

describeBlobStore('files', async () => {
	const directory = newFolder();
	let now = 0;
	return {
		blobs: fileBlobs({ directory, clock: () => now }),
		at: (time) => {
			now = time;
		},
		leftovers: async () => readdirSync(path.join(directory, 'incoming')),
		close: async () => rmSync(directory, { recursive: true })
	};
});

it('[S32] removes what an earlier process left half written, and keeps what it finished', async () => {
	const directory = newFolder();
	const organisation = 'org' as OrganisationId;
	const { hash } = await fileBlobs({ directory, clock: () => 0 }).put(organisation, new Uint8Array([1]), 9);
	mkdirSync(path.join(directory, 'incoming'), { recursive: true });
	writeFileSync(path.join(directory, 'incoming', '77'), 'half');
	const again = fileBlobs({ directory, clock: () => 0 });
	expect(readdirSync(path.join(directory, 'incoming'))).toEqual([]);
	expect(await again.stat({ organisation, hash })).toEqual({ size: 1 });
	rmSync(directory, { recursive: true });
});

describe('a blob that is asked for', () => {
	const organisation = 'org' as OrganisationId;
	let directory: string;
	let blobs: BlobStore;
	let key: BlobKey;
	beforeEach(async () => {
		directory = newFolder();
		blobs = fileBlobs({ directory, clock: () => 0 });
		const { hash } = await blobs.put(organisation, new Uint8Array(200_000), 200_000);
		key = { organisation, hash };
	});
	afterEach(() => rmSync(directory, { recursive: true }));

	async function get(): Promise<AsyncIterable<Uint8Array>> {
		const found = await blobs.get(key);
		if (found === null) throw new Error('it was put');
		return found;
	}

	it('[S45] is given to its end, also where it is removed meanwhile', async () => {
		const asked = await get();
		rmSync(path.join(directory, 'sha256'), { recursive: true });
		let size = 0;
		for await (const chunk of asked) size += chunk.byteLength;
		expect(size).toBe(200_000);
		expect(await blobs.get(key)).toBeNull();
	});

	it('[S45] and then is not read holds no file open', async () => {
		const openFiles = () => readdirSync('/dev/fd').length;
		const before = openFiles();
		await ReadableStream.from(await get()).cancel();
		const iterator = (await get())[Symbol.asyncIterator]();
		await iterator.next();
		await iterator.return?.();
		await vi.waitFor(() => expect(openFiles()).toBe(before), { timeout: 10_000 });
	});
});

it('[S35] takes 32 bytes for a hash and nothing else', () => {
	expect(blobHashOf(new Uint8Array(32).fill(171))).toBe('ab'.repeat(32));
	expect(() => blobHashOf(new Uint8Array(31))).toThrow(TypeError);
	expect([isBlobHash('ab'.repeat(32)), isBlobHash('AB'.repeat(32)), isBlobHash('ab')]).toEqual([
		true,
		false,
		false
	]);
});
