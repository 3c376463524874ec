import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type Connection } from './connection.ts';
import { migrate, type Migration } from './migration.ts';
import { StoreError } from './store-error.ts';

const steps: readonly Migration[] = [
	{ version: 1, sql: 'CREATE TABLE first (a INTEGER) STRICT' },
	{ version: 2, sql: 'ALTER TABLE first ADD COLUMN b TEXT; CREATE TABLE second (a INTEGER) STRICT' }
];

let connection: Connection;
beforeEach(() => {
	connection = connect(':memory:');
});
afterEach(() => connection.close());

const tables = () =>
	connection
		.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'migrations' ORDER BY name")
		.raw()
		.all()
		.flat();

describe('migrations', () => {
	it('[S6] bring a file from any version to the newest, each step once', () => {
		migrate(connection, steps.slice(0, 1), 5);
		connection.exec('INSERT INTO first (a) VALUES (1)');
		migrate(connection, steps, 6);
		migrate(connection, steps, 7);
		expect(tables()).toEqual(['first', 'second']);
		expect(connection.prepare('SELECT a, b FROM first').all()).toEqual([{ a: 1, b: null }]);
		expect(connection.prepare('SELECT * FROM migrations').raw().all()).toEqual([
			[1, 5],
			[2, 6]
		]);
	});

	it('[S6] leave a file as it was where a step fails', () => {
		migrate(connection, steps.slice(0, 1), 5);
		const broken = { version: 3, sql: 'CREATE TABLE third (a INTEGER); CREATE TABLE first (a INTEGER)' };
		expect(() => migrate(connection, [...steps, broken], 6)).toThrow('already exists');
		expect(tables()).toEqual(['first']);
		migrate(connection, steps, 7);
		expect(tables()).toEqual(['first', 'second']);
	});

	it('[S6] refuse a file that a later version of the program made', () => {
		migrate(connection, steps, 5);
		expect(() => migrate(connection, steps.slice(0, 1), 6)).toThrow(StoreError);
	});
});
