import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { OrganisationId } from '#schema/ids.ts';
import { blobHashOf, isBlobHash } from './blob-store.ts';
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

it('[S35] takes 32 bytes for a hash and nothing else', () => {
	expect(blobHashOf(new Uint8Array(32).fill(171))).toBe('ab'.repeat(32));
	expect(() => blobHashOf(new Uint8Array(31))).toThrow(TypeError);
	expect([isBlobHash('ab'.repeat(32)), isBlobHash('AB'.repeat(32)), isBlobHash('ab')]).toEqual([
		true,
		false,
		false
	]);
});
