import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { isId, type SpaceId } from '#schema/ids.ts';
import type { BlobKey, BlobStore, Collected } from './blobs/blob-store.ts';
import type { queueKind } from './queue/kind.ts';
import type { SpaceKind } from './space/kind.ts';
import { spacePath } from './space/path.ts';
import type { TrimCursor, TrimmedRows, TrimStep } from './space/trim.ts';
import { StoreError } from './store-error.ts';
import type { Store } from './store.ts';

/** What upkeep works on; `directory` is the data folder. */
export interface UpkeepParts {
	readonly store: Store;
	readonly blobs: BlobStore;
	readonly directory: string;
	/** Hears of a space that could not be trimmed; the others are. */
	readonly failed?: (space: SpaceId, error: StoreError) => void;
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

/** What upkeep did. */
export interface KeptUp extends TrimmedRows {
	readonly blobs: Collected;
}

/** Trims one space, step by step, so that its file is free for others in between. It ends where the space fails. */
async function* trim(
	{ store, failed }: UpkeepParts,
	space: SpaceId,
	before: number
): AsyncIterable<TrimmedRows> {
	const file = store.file<SpaceKind>('space', spacePath(space));
	try {
		for (let cursor: TrimCursor | null | undefined; cursor !== null;) {
			const step: TrimStep = await file.call('trim', { before, ...(cursor === undefined ? {} : { cursor }) });
			yield step.removed;
			cursor = step.next;
		}
	} catch (error) {
		if (!(error instanceof StoreError)) throw error;
		if (error.kind !== 'missing') failed?.(space, error);
	}
}

/**
 * What is due once a day: every space forgets what is older than 90 days and needed by nobody, then blobs without a
 * reference are collected. If one file can't be read, the others are trimmed and nothing is collected. It goes in small steps, each committed by
 * itself, and may be broken off after any of them: what is left is done the next time.
 *
 * @param now milliseconds UTC
 * @throws StoreError, or the signal's reason where it was told to stop
 */
export async function keepUp(parts: UpkeepParts, now: number, signal?: AbortSignal): Promise<KeptUp> {
	const total = { entries: 0, batches: 0, placements: 0, attachments: 0 };
	for (const space of await spacesIn(parts.directory)) {
		for await (const removed of trim(parts, space, now - keptFor)) {
			total.entries += removed.entries;
			total.batches += removed.batches;
			total.placements += removed.placements;
			total.attachments += removed.attachments;
			signal?.throwIfAborted();
		}
	}
	return { ...total, blobs: await parts.blobs.collect(allReferences(parts), signal) };
}
