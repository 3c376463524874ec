import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import * as tables from '#schema/tables/directory.ts';
import { connect } from '../connection.ts';
import { migrate } from '../migration.ts';
import { directoryMigrations } from './migrations.ts';

const { getTableConfig } = createRequire(import.meta.url)(
	'drizzle-orm/sqlite-core'
) as typeof import('drizzle-orm/sqlite-core');

describe('the directory’s tables', () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'hongyan-tables-'));
	const connection = connect(path.join(folder, 'directory.db'));
	migrate(connection, directoryMigrations, 0);

	it.each(Object.values(tables).map((table) => [getTableConfig(table).name, table] as const))(
		'[S6] %s is in the file as the schema says',
		(name, table) => {
			const { columns, indexes } = getTableConfig(table);
			const inFile = connection.prepare(`SELECT name, type FROM pragma_table_info('${name}')`).all();
			const inSchema = columns.map((column) => ({
				name: column.name,
				type: column.getSQLType().toUpperCase()
			}));
			expect(inFile).toEqual(inSchema);
			const indexNames = connection
				.prepare(`SELECT name FROM pragma_index_list('${name}') WHERE origin = 'c'`)
				.all();
			expect(indexNames.map((row) => row['name']).sort()).toEqual(
				indexes.map((index) => index.config.name).sort()
			);
		}
	);
});
