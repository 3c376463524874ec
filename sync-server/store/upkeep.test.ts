import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { EnvelopeId, OrganisationId, PrincipalId, SpaceId } from '#schema/ids.ts';
import { countingRandom } from '#schema/trial/counting-random.ts';
import { collectionAge, type BlobHash, type BlobStore } from './blobs/blob-store.ts';
import { fileBlobs } from './blobs/file-blobs.ts';
import { openStoreInProcess } from './in-process.ts';
import { queueKind } from './queue/kind.ts';
import { spaceKind, type SpaceKind } from './space/kind.ts';
import { spacePath } from './space/path.ts';
import { importedPrefix } from './space/placed.ts';
import type { Store } from './store.ts';
import { delivery, joinByIds } from './trial/space.ts';
import { keepUp, keptFor } from './upkeep.ts';

const start = 1_800_000_000_000;
const organisation = 'org' as OrganisationId;
let directory: string;
let store: Store;
let blobs: BlobStore;
let now: number;

beforeEach(() => {
	now = start;
	directory = mkdtempSync(path.join(tmpdir(), 'hongyan-upkeep-'));
	const clock = () => now;
	store = openStoreInProcess([spaceKind(joinByIds), queueKind], directory, {
		clock,
		random: countingRandom()
	});
	blobs = fileBlobs({ directory: path.join(directory, 'blobs'), clock });
});
afterEach(async () => {
	await store.close();
	rmSync(directory, { recursive: true });
});

async function space(name: string) {
	const id = name as SpaceId;
	const file = store.file<SpaceKind>('space', spacePath(id));
	await file.call('create', {
		space: id,
		spaceKind: 'mailbox',
		organisation,
		principal: 'li' as PrincipalId
	});
	return file;
}

async function putBlob(text: string): Promise<BlobHash> {
	const { hash, reservation } = await blobs.put(organisation, new TextEncoder().encode(text), 99);
	reservation.release();
	return hash;
}

it('[S34] collects only blobs that no space refers to, whichever space it is', async () => {
	const one = await space('one');
	const two = await space('two');
	const unused = await putBlob('nobody');
	const hashes = { one: await putBlob('in one'), two: await putBlob('in two') };
	await one.call('place', delivery(1, { body: { kind: 'blob', hash: hashes.one, size: 6 } }));
	await two.call('place', delivery(1, { body: { kind: 'blob', hash: hashes.two, size: 6 } }));
	now += collectionAge;
	const parts = { store, blobs, directory };
	expect((await keepUp(parts, now)).blobs).toEqual({ kept: 2, removed: 1, removedBytes: 6 });
	expect(await blobs.stat({ organisation, hash: unused })).toBeNull();
	expect(await blobs.stat({ organisation, hash: hashes.two })).toEqual({ size: 6 });
});

it('[S34] collects nothing where a space can not be read, and minds no file that never became a space', async () => {
	await space('one');
	const hash = await putBlob('nobody');
	writeFileSync(path.join(directory, 'spaces', 'half.db'), '');
	expect(await keepUp({ store, blobs, directory }, now)).toMatchObject({
		blobs: { kept: 1, removed: 0 }
	});
	now += collectionAge;
	writeFileSync(
		path.join(directory, 'spaces', 'wreck.db'),
		'no database at all, and long enough to be seen as none'
	);
	await expect(keepUp({ store, blobs, directory }, now)).rejects.toMatchObject({ kind: 'broken' });
	expect(await blobs.stat({ organisation, hash })).not.toBeNull();
});

it('[S36] trims every space of what is older than 90 days', async () => {
	const files = [await space('one'), await space('two')];
	for (const file of files) await file.call('place', delivery(1));
	now += keptFor;
	for (const file of files) await file.call('place', delivery(2));
	await keepUp({ store, blobs, directory }, now + 1);
	for (const file of files) {
		expect(await file.call('entries', { after: 0, limitBytes: 1 })).toEqual({ kind: 'below-floor' });
		expect(await file.call('entries', { after: 1, limitBytes: 1e6 })).toMatchObject({ seq: 2 });
	}
});

it('[S36] [S41] remembers for good what was imported, and of the rest what is younger than 90 days', async () => {
	const file = await space('one');
	const imported = delivery(1, { envelope: `${importedPrefix}abc` as EnvelopeId });
	expect(await file.call('place', imported)).toEqual({ arrival: 0, repeated: false });
	await file.call('place', delivery(2));
	now += keptFor + 1;
	expect(await keepUp({ store, blobs, directory }, now)).toMatchObject({ placements: 1 });
	const { recipient } = imported;
	expect(await file.call('placed', { recipient, envelopes: [imported.envelope] })).toEqual([
		imported.envelope
	]);
	expect(await file.call('place', imported)).toEqual({ arrival: 0, repeated: true });
});

it('[S40] trims every other space where one can not be read, and names that one', async () => {
	const files = [await space('one'), await space('two')];
	for (const file of files) await file.call('place', delivery(1));
	const wreck = Buffer.alloc(8192, 7);
	for (const name of ['a-wreck', 'one-more', 'wreck']) {
		writeFileSync(path.join(directory, 'spaces', `${name}.db`), wreck);
	}
	now += keptFor + 1;
	const failed: string[] = [];
	const parts = { store, blobs, directory, failed: (id: SpaceId) => void failed.push(id) };
	await expect(keepUp(parts, now)).rejects.toMatchObject({ kind: 'broken' });
	expect(failed.sort()).toEqual(['a-wreck', 'one-more', 'wreck']);
	for (const file of files) {
		expect(await file.call('entries', { after: 0, limitBytes: 1 })).toEqual({ kind: 'below-floor' });
	}
});

it('[S36] [S38] trims a large space in steps, counts them, and can be broken off after any of them', async () => {
	const file = await space('one');
	const number = 1203;
	for (let arrival = 1; arrival <= number; arrival += 1) await file.call('place', delivery(arrival));
	now += keptFor + 1;
	const leaving = new AbortController();
	let steps = 0;
	const counted: Store = {
		...store,
		file: (kind, name) => {
			const inner = store.file(kind, name);
			const call: typeof inner.call = async (...asked) => {
				const answer = await inner.call(...asked);
				if (asked[0] === 'trim' && ++steps === 1) leaving.abort(new Error('the server goes'));
				return answer;
			};
			return { call };
		}
	};
	const parts = { store: counted, blobs, directory };
	await expect(keepUp(parts, now, leaving.signal)).rejects.toThrow('the server goes');
	expect(steps).toBe(1);
	// Floor and log go together, so whoever comes now is told truthfully.
	expect(await file.call('entries', { after: 499, limitBytes: 1 })).toEqual({ kind: 'below-floor' });
	expect(await file.call('entries', { after: 500, limitBytes: 1 })).toMatchObject({ seq: 501 });
	expect(await keepUp(parts, now)).toMatchObject({ entries: number - 500, placements: number - 500 });
	expect(steps).toBe(1 + 2);
	expect(await file.call('entries', { after: number - 1, limitBytes: 1 })).toEqual({ kind: 'below-floor' });
	expect(await keepUp(parts, now)).toMatchObject({ entries: 0, batches: 0, placements: 0, attachments: 0 });
});
