import path from 'node:path';
import { connect } from './connection.ts';
import { makeFolder } from './open-file.ts';
import { StoreError } from './store-error.ts';

/** A data folder that no other process can open while this one holds it. */
export interface DataFolder {
	readonly directory: string;
	release(): void;
}

/**
 * Takes a data folder for this process. The lock is an exclusive SQLite transaction on `lock`, so the
 * kernel lets go of it however the process ends, and no stale lock is ever left.
 *
 * @throws StoreError `refused` where another process, or this one, holds the folder
 */
export function takeDataFolder(directory: string): DataFolder {
	makeFolder(directory);
	const lock = connect(path.join(directory, 'lock'));
	try {
		lock.exec('BEGIN EXCLUSIVE');
	} catch (error) {
		lock.close();
		const isHeld = error instanceof Error && error.message.includes('locked');
		throw isHeld ? new StoreError('refused', 'the data folder is in use by another process') : error;
	}
	return {
		directory,
		release: () => {
			lock.exec('ROLLBACK');
			lock.close();
		}
	};
}
