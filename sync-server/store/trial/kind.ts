import { fileKind, type Operation } from '../file-kind.ts';
import { StoreError } from '../store-error.ts';

/** A kind of file that tests and measurements of the store itself use: notes by number. */

const add: Operation<{ readonly number: number; readonly text: string }, number> = {
	mode: 'write',
	run(database, { number, text }) {
		database.$client.prepare('INSERT INTO notes (number, text) VALUES (?, ?)').run(number, text);
		return number;
	}
};

/** Writes, then refuses: what it wrote must not stay. */
const addAndRefuse: Operation<{ readonly number: number }, never> = {
	mode: 'write',
	run(database, { number }) {
		database.$client.prepare('INSERT INTO notes (number, text) VALUES (?, ?)').run(number, 'refused');
		throw new StoreError('refused', 'on purpose');
	}
};

const numbers: Operation<undefined, number[]> = {
	mode: 'read',
	run(database) {
		const rows = database.$client.prepare('SELECT number FROM notes ORDER BY number').raw().all();
		return rows.map(([number]) => Number(number));
	}
};

const setting: Operation<string, number | string | null> = {
	mode: 'read',
	run(database, name) {
		const value = database.$client.pragma(name);
		return value instanceof Uint8Array ? null : value;
	}
};

/** Ends the writer thread, as a fault in native code would. */
const endThread: Operation<undefined, null> = {
	mode: 'write',
	run() {
		process.exit(1);
	}
};

export const trialKind = fileKind({
	name: 'trial',
	migrations: [
		{ version: 1, sql: 'CREATE TABLE notes (number INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT' }
	],
	operations: { add, addAndRefuse, numbers, setting, endThread }
});

/** The same, but only `add` may make the file. */
export const trialCreatedKind = fileKind({ ...trialKind, name: 'created', createdBy: 'add' });
