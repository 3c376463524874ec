/**
 * Why the store did not do what it was asked. `full`: no room, nothing of this was written, it may work
 * later. `missing`: no such file. `conflict`: it contradicts what is stored. `refused`: the operation says no.
 * `broken`: the file or the thread can't be used, or the code is wrong.
 */
export type StoreErrorKind = 'full' | 'missing' | 'conflict' | 'refused' | 'broken';

/** What crosses the thread in place of an error. */
export interface StoreFailure {
	readonly kind: StoreErrorKind;
	readonly detail: string;
}

/** An operation did not happen: none of it was written. The detail never holds stored content. */
export class StoreError extends Error {
	readonly kind: StoreErrorKind;

	constructor(kind: StoreErrorKind, detail: string) {
		super(`${kind}: ${detail}`);
		this.name = 'StoreError';
		this.kind = kind;
		this.detail = detail;
	}

	readonly detail: string;
}

/** The code libSQL gave an error, or an empty text. */
function sqliteCode(error: unknown): string {
	if (!(error instanceof Error) || !('code' in error)) return '';
	return typeof error.code === 'string' ? error.code : '';
}

/** Whether the error means that there was no room to write. */
export function isFull(error: unknown): boolean {
	return error instanceof StoreError ? error.kind === 'full' : sqliteCode(error) === 'SQLITE_FULL';
}

/** Names any error thrown by an operation. SQLite's messages name tables and columns, never values. */
export function failureOf(error: unknown): StoreFailure {
	if (error instanceof StoreError) return { kind: error.kind, detail: error.detail };
	const code = sqliteCode(error);
	const detail = error instanceof Error ? error.message.slice(0, 500) : 'not an error';
	if (code === 'SQLITE_FULL') return { kind: 'full', detail };
	if (code.startsWith('SQLITE_CONSTRAINT')) return { kind: 'conflict', detail };
	return { kind: 'broken', detail };
}
