import { newId, type RandomBytes, type SpaceId } from '#schema/ids.ts';
import type { Locks } from '#lib/platform/locks.ts';
import type { Databases } from '#lib/replica/storage/databases.ts';
import { StorageError } from '#lib/replica/storage/failure.ts';
import type { Loss } from '#lib/replica/storage/indexed-db.ts';
import { restore, salvage, type Salvage } from '#lib/replica/storage/salvage.ts';
import type { ReplicaStorage } from '#lib/replica/storage/storage.ts';
import { storeNames } from '#lib/replica/storage/stores.ts';
import type { KeptAccount } from './kept-account.ts';

export interface DeviceDatabaseParts {
	readonly databases: Databases;
	readonly kept: KeptAccount;
	readonly random: RandomBytes;
	/** Null where tabs can’t wait for each other. */
	readonly locks: Locks | null;
	/** The database was taken away from under us. */
	readonly lost: (how: Loss) => void;
}

function freshName(space: SpaceId, random: RandomBytes): string {
	return `hongyan-${space}-${newId(random)}`;
}

/** The broken database, for this tab alone; one that can't be taken is read beside the other tabs. */
async function openBroken(databases: Databases, name: string): Promise<ReplicaStorage> {
	try {
		return await databases.take(name);
	} catch (error) {
		if (!(error instanceof StorageError)) throw error;
		return databases.open(name, () => undefined);
	}
}

/** Reads the pending work out of a database that may not even open; from then on no tab writes to it. */
async function salvageFrom(
	{ databases, random }: DeviceDatabaseParts,
	name: string
): Promise<Salvage | undefined> {
	try {
		const storage = await openBroken(databases, name);
		const work = await salvage(storage, random);
		storage.close();
		return work;
	} catch (error) {
		if (error instanceof StorageError) return undefined;
		throw error;
	}
}

/** Makes a new database, takes the pending work over, and only then gives the broken one up. */
async function rebuild(parts: DeviceDatabaseParts, space: SpaceId, broken: string): Promise<ReplicaStorage> {
	const { databases, kept, random, lost } = parts;
	const name = freshName(space, random);
	const work = await salvageFrom(parts, broken);
	const storage = await databases.open(name, lost);
	if (work !== undefined) await restore(storage, work);
	kept.keepDatabase(name);
	kept.noteRepair(false);
	try {
		await databases.delete(broken);
	} catch (error) {
		// What can't be opened may not let itself be deleted either; nothing of ours reads it again.
		if (!(error instanceof StorageError)) throw error;
	}
	return storage;
}

/** Runs while no other tab does the same. */
function inTabsTurn<Answer>(locks: Locks | null, run: () => Promise<Answer>): Promise<Answer> {
	if (locks === null) return run();
	const turn = new AbortController();
	return new Promise((resolve, reject) => {
		locks.hold(rebuildLock, turn.signal, () => {
			run()
				.then(resolve, reject)
				.finally(() => turn.abort());
		});
	});
}

const rebuildLock = 'hongyan-rebuild';

/** Rebuilds the database, unless another tab has meanwhile: then its new one is opened. */
function rebuildOnce(parts: DeviceDatabaseParts, space: SpaceId, broken: string): Promise<ReplicaStorage> {
	const { databases, kept, lost } = parts;
	return inTabsTurn(parts.locks, () => {
		const name = kept.database ?? broken;
		return name === broken ? rebuild(parts, space, broken) : databases.open(name, lost);
	});
}

/** Opens the account's database; one that can't be read is rebuilt, its pending work saved first. */
export async function openDeviceDatabase(
	parts: DeviceDatabaseParts,
	space: SpaceId
): Promise<ReplicaStorage> {
	const { databases, kept, random, lost } = parts;
	const name = kept.database ?? freshName(space, random);
	kept.keepDatabase(name);
	if (kept.needsRepair) return rebuildOnce(parts, space, name);
	try {
		return await databases.open(name, lost);
	} catch (error) {
		if (error instanceof StorageError && error.kind === 'broken') return rebuildOnce(parts, space, name);
		throw error;
	}
}

/** Empties a database, so that nothing is left of it even where another tab keeps it from being deleted yet. */
export async function emptyDatabase(storage: ReplicaStorage): Promise<void> {
	try {
		await storage.write(storeNames, 'strict', (transaction) => {
			for (const store of storeNames) transaction.clear(store);
			return Promise.resolve();
		});
	} catch (error) {
		// A broken or closed one is deleted all the same.
		if (!(error instanceof StorageError)) throw error;
	}
}
