import { deleteIndexedDbStorage, openIndexedDbStorage } from './indexed-db.ts';
import { memoryDisk, openMemoryStorage, type MemoryDisk } from './memory.ts';
import type { ReplicaStorage } from './storage.ts';

/** Databases of replicas by name. */
export interface Databases {
	/**
	 * Opens or makes one; `lost` is called when it is taken away from under us. Rejects with StorageError
	 * `broken` where it can't be opened.
	 */
	open(name: string, lost: () => void): Promise<ReplicaStorage>;
	/** Deletes one, also where there is none. Resolves when it is gone in all tabs. */
	delete(name: string): Promise<void>;
}

/** Databases in the browser's IndexedDB. */
export const indexedDbDatabases: Databases = {
	open: openIndexedDbStorage,
	delete: deleteIndexedDbStorage
};

/** Databases in memory, gone with the tab. */
export function memoryDatabases(): Databases {
	const disks = new Map<string, MemoryDisk>();
	return {
		open(name) {
			const disk = disks.get(name) ?? memoryDisk();
			disks.set(name, disk);
			return Promise.resolve(openMemoryStorage(disk));
		},
		delete(name) {
			disks.delete(name);
			return Promise.resolve();
		}
	};
}
