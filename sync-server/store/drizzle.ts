import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core';
import { createRequire } from 'node:module';
import type { Connection, Written } from './connection.ts';

/**
 * Drizzle in its CommonJS form, over the synchronous libSQL connection. Loaded as ES modules the same code
 * costs a writer thread 110 MB more. Nothing else may import `drizzle-orm` but for types.
 */
const require = createRequire(import.meta.url);
const orm = require('drizzle-orm') as typeof import('drizzle-orm');
const core = require('drizzle-orm/sqlite-core') as typeof import('drizzle-orm/sqlite-core');
const { BetterSQLiteSession } = require('drizzle-orm/better-sqlite3/session') as {
	BetterSQLiteSession: new (client: Connection, dialect: object, schema: undefined) => Session;
};

type Session = ConstructorParameters<typeof BaseSQLiteDatabase<'sync', Written, Record<string, never>>>[2];

/** A libSQL file through Drizzle, with the connection itself for what Drizzle does not say well. */
export type Database = BaseSQLiteDatabase<'sync', Written> & {
	readonly $client: Connection;
};

export const { and, or, eq, gt, gte, lt, lte, inArray, isNull, isNotNull, asc, desc, sql, count } = orm;

/** Drizzle over an open connection. Operations run inside a transaction already, so they begin none. */
export function databaseOver(connection: Connection): Database {
	const dialect = new core.SQLiteSyncDialect();
	const session = new BetterSQLiteSession(connection, dialect, undefined);
	const database = new core.BaseSQLiteDatabase('sync', dialect, session, undefined);
	return Object.assign(database, { $client: connection });
}

/**
 * What is made once per open file, such as prepared queries, and kept as long as the file is open.
 *
 * @example const queries = perDatabase((database) => ({ head: database.select()….prepare() }));
 */
export function perDatabase<Made extends object>(
	make: (database: Database) => Made
): (database: Database) => Made {
	const made = new WeakMap<Database, Made>();
	return (database) => {
		const known = made.get(database);
		if (known !== undefined) return known;
		const fresh = make(database);
		made.set(database, fresh);
		return fresh;
	};
}
