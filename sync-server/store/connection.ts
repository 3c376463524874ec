import { createRequire } from 'node:module';

/**
 * One connection to one libSQL file, with the traps of `libsql` 0.5 closed off: a boolean parameter aborts
 * the whole process; a single parameter that is bytes or null is taken for a record; `get` after `all`, or
 * after an error, answers for the parameters before; rows come with a field too many; text is read only up to
 * its first NUL; and each `prepare` compiles anew.
 */

/** What may be bound to a statement. Booleans become 1 and 0, undefined becomes null. */
export type Parameter = null | undefined | boolean | number | bigint | string | Uint8Array;

/** What a column may hold when it is read. */
export type Stored = null | number | string | Uint8Array;

/** A row by column name. */
export type Row = Readonly<Record<string, Stored>>;

/** What a statement that writes reports. */
export interface Written {
	readonly changes: number;
	readonly lastInsertRowid: number | bigint;
}

/** A prepared statement whose rows are arrays in the order of the columns. */
export interface RawStatement {
	get(...parameters: Parameter[]): Stored[] | undefined;
	all(...parameters: Parameter[]): Stored[][];
}

/** A prepared statement; it stays usable as long as its connection is open. */
export interface Statement {
	run(...parameters: Parameter[]): Written;
	get(...parameters: Parameter[]): Row | undefined;
	all(...parameters: Parameter[]): Row[];
	raw(): RawStatement;
}

/** An open file. */
export interface Connection {
	readonly inTransaction: boolean;
	/** The statement for this SQL text, compiled once and kept. */
	prepare(sql: string): Statement;
	/** Runs one or more statements that take no parameters and whose rows nobody wants. */
	exec(sql: string): void;
	/** The first value a PRAGMA answers with, or null. */
	pragma(source: string): Stored;
	close(): void;
}

interface NativeStatement {
	readonly reader: boolean;
	raw(on: boolean): unknown;
	run(parameters: readonly Bound[]): Written;
	all(parameters: readonly Bound[]): Stored[][];
	columns(): readonly { readonly name: string }[];
}
interface NativeConnection {
	readonly inTransaction: boolean;
	prepare(sql: string): NativeStatement;
	exec(sql: string): void;
	close(): void;
}
type Bound = null | number | bigint | string | Uint8Array;

const Native = createRequire(import.meta.url)('libsql') as new (path: string) => NativeConnection;

/** How many compiled statements a connection keeps; lists of varying length make many. */
const keptStatements = 400;

function bound(parameter: Parameter): Bound {
	switch (typeof parameter) {
		case 'boolean':
			return parameter ? 1 : 0;
		case 'undefined':
			return null;
		case 'string':
			// Reading stops at a NUL; better a visible replacement than text that ends early.
			return parameter.includes('\0') ? parameter.replaceAll('\0', '\uFFFD') : parameter;
		default:
			return parameter;
	}
}

function prepared(native: NativeStatement): Statement {
	if (native.reader) native.raw(true);
	let names: readonly string[] | undefined;
	const rows = (parameters: readonly Parameter[]) => native.all(parameters.map(bound));
	const named = (values: readonly Stored[]): Row => {
		names ??= native.columns().map(({ name }) => name);
		return Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]));
	};
	const raw: RawStatement = {
		get: (...parameters) => rows(parameters)[0],
		all: (...parameters) => rows(parameters)
	};
	return {
		run: (...parameters) => native.run(parameters.map(bound)),
		get: (...parameters) => {
			const [first] = rows(parameters);
			return first === undefined ? undefined : named(first);
		},
		all: (...parameters) => rows(parameters).map(named),
		raw: () => raw
	};
}

/**
 * Opens a file, making it where there is none. A file must have one connection at a time and no more: two on
 * one write-ahead log can corrupt it in the SQLite version that libSQL carries.
 */
export function connect(path: string): Connection {
	const native = new Native(path);
	const statements = new Map<string, Statement>();
	const prepare = (sql: string): Statement => {
		const known = statements.get(sql);
		if (known !== undefined) return known;
		if (statements.size >= keptStatements) statements.clear();
		const fresh = prepared(native.prepare(sql));
		statements.set(sql, fresh);
		return fresh;
	};
	return {
		get inTransaction() {
			return native.inTransaction;
		},
		prepare,
		exec: (sql) => native.exec(sql),
		pragma: (source) =>
			prepared(native.prepare(`PRAGMA ${source}`))
				.raw()
				.get()?.[0] ?? null,
		close: () => {
			// A statement keeps the file open behind the connection's back, until it is collected as garbage.
			statements.clear();
			native.close();
		}
	};
}
