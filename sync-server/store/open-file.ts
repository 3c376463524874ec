import { closeSync, existsSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { connect } from './connection.ts';
import { databaseOver, type Database } from './drizzle.ts';
import type { FileKind } from './file-kind.ts';
import { migrate } from './migration.ts';

/** A file of a kind, open and migrated. */
export interface OpenFile {
	readonly kind: FileKind;
	readonly database: Database;
	/** Writes the log back into the file and closes it. */
	close(): void;
}

/** Bounds of one file. `maxPages` (of 4096 bytes) is a disk of that size, for tests of a full one. */
export interface FileLimits {
	readonly maxPages?: number;
}

/** The size of a write-ahead log that is kept after it was written back, bytes. */
const keptLogBytes = 8 << 20;

/** Pages kept in memory: those that twenty deliveries at once touch, so that none is written twice in a commit. */
const cacheKilobytes = 1000;

/** Makes a folder whose entry in its parent survives a loss of power. */
export function makeFolder(folder: string): void {
	if (existsSync(folder)) return;
	const parent = path.dirname(folder);
	makeFolder(parent);
	mkdirSync(folder, { recursive: true });
	syncFolder(parent);
}

/** Makes the names in a folder durable. */
function syncFolder(folder: string): void {
	const handle = openSync(folder, 'r');
	try {
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
}

/** Opens a file with the durability that the store promises: a commit is on the disk before it is answered. */
export function openFile(kind: FileKind, file: string, limits: FileLimits, now: number): OpenFile {
	const folder = path.dirname(file);
	makeFolder(folder);
	const isNew = !existsSync(file);
	const connection = connect(file);
	try {
		connection.pragma('journal_mode = WAL');
		connection.exec('PRAGMA synchronous = FULL');
		connection.exec('PRAGMA foreign_keys = ON');
		connection.exec('PRAGMA wal_autocheckpoint = 1000');
		connection.pragma(`journal_size_limit = ${keptLogBytes}`);
		connection.exec(`PRAGMA cache_size = -${cacheKilobytes}`);
		if (limits.maxPages !== undefined) connection.pragma(`max_page_count = ${limits.maxPages}`);
		migrate(connection, kind.migrations, now);
		if (isNew) syncFolder(folder);
	} catch (error) {
		connection.close();
		throw error;
	}
	return {
		kind,
		database: databaseOver(connection),
		close: () => {
			try {
				if (!connection.inTransaction) connection.pragma('wal_checkpoint(TRUNCATE)');
			} catch {
				// A full disk, say: the log stays as it is and is read when the file is opened again.
			} finally {
				connection.close();
			}
		}
	};
}
