// eslint-disable-next-line boundaries/imports -- only a loader of code, no input or output
import { createRequire } from 'node:module';

/**
 * Drizzle's table builders in their CommonJS form. Loaded as ES modules the same code costs a writer thread
 * 110 MB, so: `sqliteTable` and columns from here, query operators from `sync-server/store/drizzle.ts`, and
 * from `drizzle-orm` itself nothing but types.
 */
const core = createRequire(import.meta.url)(
	'drizzle-orm/sqlite-core'
) as typeof import('drizzle-orm/sqlite-core');

// eslint-disable-next-line @typescript-eslint/no-deprecated -- only one overload of primaryKey is
export const { sqliteTable, integer, text, blob, real, index, uniqueIndex, primaryKey } = core;
