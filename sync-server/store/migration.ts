import type { Connection } from './connection.ts';
import { StoreError } from './store-error.ts';

/** One step of a file's tables. Once released it is never edited; a later one corrects it. */
export interface Migration {
	readonly version: number;
	readonly sql: string;
}

/**
 * Brings a file to the newest version, all steps in one transaction: it is old or new, never between.
 *
 * @throws StoreError `broken` where the file was made by a later version of the program
 */
export function migrate(connection: Connection, migrations: readonly Migration[], now: number): void {
	connection.exec(
		'CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL) STRICT'
	);
	const reached = Number(
		connection.prepare('SELECT coalesce(max(version), 0) FROM migrations').raw().get()?.[0]
	);
	const newest = migrations.at(-1)?.version ?? 0;
	if (reached > newest) {
		throw new StoreError('broken', `the file is at version ${reached}, this program knows ${newest}`);
	}
	const missing = migrations.filter(({ version }) => version > reached);
	if (missing.length === 0) return;
	connection.exec('BEGIN IMMEDIATE');
	try {
		for (const { version, sql } of missing) {
			connection.exec(sql);
			connection.prepare('INSERT INTO migrations (version, applied_at) VALUES (?, ?)').run(version, now);
		}
		connection.exec('COMMIT');
	} catch (error) {
		if (connection.inTransaction) connection.exec('ROLLBACK');
		throw error;
	}
}
