import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { isId, type SpaceId } from '#schema/ids.ts';
import type { BlobKey, BlobStore, Collected } from './blobs/blob-store.ts';
import type { queueKind } from './queue/kind.ts';
import type { SpaceKind } from './space/kind.ts';
import { spacePath } from './space/path.ts';
import { StoreError } from './store-error.ts';
import type { Store } from './store.ts';

/** What upkeep works on; `directory` is the data folder. */
export interface UpkeepParts {
	readonly store: Store;
	readonly blobs: BlobStore;
	readonly directory: string;
}

/** For how long a space keeps what only a device long away, or a repeat, could still want, milliseconds. */
export const keptFor = 90 * 24 * 3600 * 1000;

const referencesAtOnce = 1000;

/** Every space there is, from their files: what the directory does not name may still hold mail. */
async function spacesIn(directory: string): Promise<readonly SpaceId[]> {
	const folder = path.join(directory, 'spaces');
	const names = existsSync(folder) ? await readdir(folder) : [];
	return names
		.filter((name) => name.endsWith('.db'))
		.map((name) => name.slice(0, -'.db'.length))
		.filter((name) => isId(name))
		.map((name) => name as SpaceId);
}

async function* referencesOf(store: Store, space: SpaceId): AsyncIterable<BlobKey> {
	const file = store.file<SpaceKind>('space', spacePath(space));
	for (let after = ''; ;) {
		const keys = await file.call('blob-references', { after, limit: referencesAtOnce });
		yield* keys;
		const last = keys.at(-1);
		if (last === undefined || keys.length < referencesAtOnce) return;
		after = last.hash;
	}
}

/** The same of a file whose making was cut off before it became a space: it refers to nothing. */
async function* referencesIfSpace(store: Store, space: SpaceId): AsyncIterable<BlobKey> {
	try {
		yield* referencesOf(store, space);
	} catch (error) {
		if (!(error instanceof StoreError) || error.kind !== 'missing') throw error;
	}
}

/** Every blob that a row refers to: the queue's first, because a reference moves from there to a space. */
async function* allReferences({ store, directory }: UpkeepParts): AsyncIterable<BlobKey> {
	yield* await store.file<typeof queueKind>('queue', 'queue.db').call('references');
	for (const space of await spacesIn(directory)) yield* referencesIfSpace(store, space);
}

async function trim(store: Store, space: SpaceId, before: number): Promise<void> {
	try {
		await store.file<SpaceKind>('space', spacePath(space)).call('trim', { before });
	} catch (error) {
		if (!(error instanceof StoreError) || error.kind !== 'missing') throw error;
	}
}

/**
 * What is due once a day: every space forgets what is older than 90 days and needed by nobody, then blobs without a
 * reference are collected. If one file can't be read, nothing is collected.
 *
 * @param now milliseconds UTC
 */
export async function keepUp(parts: UpkeepParts, now: number): Promise<Collected> {
	for (const space of await spacesIn(parts.directory)) await trim(parts.store, space, now - keptFor);
	return parts.blobs.collect(allReferences(parts));
}
