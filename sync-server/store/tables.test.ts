import { createRequire } from 'node:module';
import { afterAll, describe, expect, it } from 'vitest';
import * as directoryTables from '#schema/tables/directory.ts';
import * as queueTables from '#schema/tables/queue.ts';
import * as spaceTables from '#schema/tables/space.ts';
import { connect, type Connection } from './connection.ts';
import { directoryMigrations } from './directory/migrations.ts';
import { migrate } from './migration.ts';
import { queueMigrations } from './queue/migrations.ts';
import { spaceMigrations } from './space/migrations.ts';

const { getTableConfig } = createRequire(import.meta.url)(
	'drizzle-orm/sqlite-core'
) as typeof import('drizzle-orm/sqlite-core');

const kinds = [
	['space', spaceTables, spaceMigrations],
	['queue', queueTables, queueMigrations],
	['directory', directoryTables, directoryMigrations]
] as const;

const opened: Connection[] = [];
afterAll(() => opened.forEach((connection) => connection.close()));

type Table = Parameters<typeof getTableConfig>[0];

const byName = (left: { readonly name: string }, right: { readonly name: string }) =>
	left.name < right.name ? -1 : 1;

/** The columns of a table as Drizzle knows it, in the words of `PRAGMA table_info`. */
function described(table: Table) {
	const { columns, primaryKeys } = getTableConfig(table);
	const keys = primaryKeys.flatMap((key) => key.columns.map((column) => column.name));
	const shape = columns.map((column) => {
		const { name, primary, notNull } = column;
		const isKey = primary || keys.includes(name);
		return { name, type: column.getSQLType().toUpperCase(), isRequired: notNull && !isKey, isKey };
	});
	return shape.sort(byName);
}

/** The same of a table in a file. */
function found(connection: Connection, table: string) {
	const shape = connection
		.prepare(`PRAGMA table_info("${table}")`)
		.all()
		.map(({ name, type, notnull, pk }) => {
			return { name: String(name), type, isRequired: notnull === 1 && pk === 0, isKey: pk !== 0 };
		});
	return shape.sort(byName);
}

function namesOf(connection: Connection, type: 'table' | 'index') {
	return connection
		.prepare(
			"SELECT name FROM sqlite_schema WHERE type = ? AND name NOT LIKE 'sqlite_%' AND name <> 'migrations'"
		)
		.raw()
		.all(type)
		.map(([name]) => name);
}

describe.each(kinds)('the tables of %s', (_, tables, migrations) => {
	const connection = connect(':memory:');
	opened.push(connection);
	migrate(connection, migrations, 0);
	const known = Object.values(tables as Record<string, Table>);

	it('[S6] are those the code knows, column by column', () => {
		expect(namesOf(connection, 'table').sort()).toEqual(
			known.map((table) => getTableConfig(table).name).sort()
		);
		for (const table of known) {
			const { name } = getTableConfig(table);
			expect({ name, columns: found(connection, name) }).toEqual({ name, columns: described(table) });
		}
	});

	it('[S6] have the indexes the code names', () => {
		const named = known.flatMap((table) => getTableConfig(table).indexes.map(({ config }) => config.name));
		expect(namesOf(connection, 'index').sort()).toEqual(named.sort());
	});
});

it('a space of the third version knows its letters as it did, in no zone [S6] [S43]', () => {
	const connection = connect(':memory:');
	opened.push(connection);
	migrate(connection, spaceMigrations.slice(0, 3), 0);
	connection.exec(`INSERT INTO submission VALUES ('a-0', 'a', 'held', 9, 5, x'00')`);
	migrate(connection, spaceMigrations, 1);
	const row = connection.prepare('SELECT id, state, submitted_at, sent_at, zone FROM submission').raw().get();
	expect(row).toEqual(['a-0', 'held', 5, null, null]);
});

it('a space of the first version knows what was placed in it under the names of today [S6]', () => {
	const connection = connect(':memory:');
	opened.push(connection);
	migrate(connection, spaceMigrations.slice(0, 1), 0);
	connection.exec(
		`INSERT INTO placement (delivery, recipient, arrival, at) VALUES ('e1', 'lan@x.example', 7, 5)`
	);
	migrate(connection, spaceMigrations, 1);
	expect(connection.prepare('SELECT envelope, recipient, arrival, at FROM placement').raw().all()).toEqual([
		['e1', 'lan@x.example', 7, 5]
	]);
});
