import {
	deleteIndexedDbStorage,
	openIndexedDbStorage,
	takeIndexedDbStorage,
	type Loss
} from './indexed-db.ts';
import { memoryDisk, openMemoryStorage, type MemoryDisk } from './memory.ts';
import type { ReplicaStorage } from './storage.ts';

/** Databases of replicas by name. */
export interface Databases {
	/**
	 * Opens or makes one; `lost` is called when it is taken away from under us. Rejects with StorageError
	 * `broken` where it can't be opened.
	 */
	open(name: string, lost: (how: Loss) => void): Promise<ReplicaStorage>;
	/**
	 * Opens one for this tab alone, to be read for the last time: it holds whatever other tabs committed, and what they
	 * begin from then on is refused. Rejects as `open` does.
	 */
	take(name: string): Promise<ReplicaStorage>;
	/** Deletes one, also where there is none. Resolves when it is gone in all tabs. */
	delete(name: string): Promise<void>;
}

/** Databases in the browser's IndexedDB. */
export const indexedDbDatabases: Databases = {
	open: openIndexedDbStorage,
	take: takeIndexedDbStorage,
	delete: deleteIndexedDbStorage
};

/** Databases in memory, gone with the tab. */
export function memoryDatabases(): Databases {
	const disks = new Map<string, MemoryDisk>();
	const open = (name: string) => {
		const disk = disks.get(name) ?? memoryDisk();
		disks.set(name, disk);
		return Promise.resolve(openMemoryStorage(disk));
	};
	return {
		open,
		// The tab that has them is alone with them.
		take: open,
		delete(name) {
			disks.delete(name);
			return Promise.resolve();
		}
	};
}
