import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connect, type Connection } from './connection.ts';

let connection: Connection;
beforeEach(() => {
	connection = connect(':memory:');
	connection.exec('CREATE TABLE t (a INTEGER UNIQUE, b TEXT, c BLOB) STRICT');
});
afterEach(() => connection.close());

const rows = () => connection.prepare('SELECT a, b, c FROM t ORDER BY a').raw().all();

describe('a connection', () => {
	it('[S10] binds booleans, nothing, null, bytes and text, alone and together', () => {
		const insert = connection.prepare('INSERT INTO t (a, b, c) VALUES (?, ?, ?)');
		insert.run(true, undefined, new Uint8Array([1, 2]));
		insert.run(false, '雁', null);
		expect(rows()).toEqual([
			[0, '雁', null],
			[1, null, Buffer.from([1, 2])]
		]);
		expect(connection.prepare('SELECT ? IS NULL').raw().get(null)).toEqual([1]);
		expect(connection.prepare('SELECT length(?)').raw().get(new Uint8Array(3))).toEqual([3]);
	});

	it('[S10] answers for the parameters of now, whatever the statement answered before', () => {
		connection.exec("INSERT INTO t (a, b) VALUES (1, 'one'), (2, 'two')");
		const find = connection.prepare('SELECT b FROM t WHERE a = ?').raw();
		expect(find.all(1)).toEqual([['one']]);
		expect(find.get(2)).toEqual(['two']);
		expect(find.get(3)).toBeUndefined();
		expect(find.get(1)).toEqual(['one']);
	});

	it('[S3] can use a statement again that failed', () => {
		const insert = connection.prepare('INSERT INTO t (a) VALUES (?) RETURNING a').raw();
		expect(insert.get(1)).toEqual([1]);
		expect(() => insert.get(1)).toThrow('UNIQUE');
		expect(insert.get(2)).toEqual([2]);
	});

	it('[S10] gives rows by name, with nothing in them that was not asked for', () => {
		connection.exec("INSERT INTO t (a, b) VALUES (1, 'one')");
		expect(connection.prepare('SELECT b, a AS number FROM t').get()).toEqual({ b: 'one', number: 1 });
		expect(connection.prepare('SELECT a FROM t WHERE a = 9').get()).toBeUndefined();
	});

	it('[S10] shows a NUL in a text as a replacement, so that nothing after it is lost', () => {
		connection.prepare('INSERT INTO t (b) VALUES (?)').run('before\0after');
		expect(rows()).toEqual([[null, 'before\uFFFDafter', null]]);
	});

	it('[S10] keeps working after more statements than it keeps', () => {
		const first = connection.prepare('SELECT 1');
		for (let number = 0; number < 1000; number += 1) connection.prepare(`SELECT ${number}`).get();
		expect(first.raw().get()).toEqual([1]);
	});
});
