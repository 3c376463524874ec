import { deleteDB, openDB, type IDBPDatabase, type IDBPTransaction } from 'idb';
import { StorageError } from './failure.ts';
import type { Durability, KeyRange, ReplicaStorage, Writing } from './storage.ts';
import { storeNames, storeVersion, type StoreName } from './stores.ts';

/**
 * Version of a database that one tab took for itself: above every layout's, so that the browser has the other tabs let go
 * of it and lets none open it again.
 */
const takenVersion = 1_000_000;

type Key = number | string;
type Transaction = IDBPTransaction<unknown, StoreName[], 'readwrite'>;

function failureOf(error: unknown): StorageError {
	if (error instanceof StorageError) return error;
	if (error instanceof DOMException) {
		if (error.name === 'QuotaExceededError') return new StorageError('full', error);
		if (error.name === 'InvalidStateError') return new StorageError('closed', error);
	}
	return new StorageError('broken', error);
}

function nativeRange({ from, to }: KeyRange<Key>): IDBKeyRange | undefined {
	if (from !== undefined && to !== undefined) return IDBKeyRange.bound(from, to, false, true);
	if (from !== undefined) return IDBKeyRange.lowerBound(from);
	return to === undefined ? undefined : IDBKeyRange.upperBound(to, true);
}

/** Requests over an open transaction. A failed one aborts it, and the end of the transaction tells. */
function requests(transaction: Transaction) {
	const told = (request: Promise<unknown>) => {
		request.catch(() => undefined);
	};
	return {
		get: (store: StoreName, key: Key): Promise<unknown> => transaction.objectStore(store).get(key),
		getAll: (store: StoreName, range: KeyRange<Key> = {}): Promise<unknown[]> =>
			transaction.objectStore(store).getAll(nativeRange(range)),
		put: (store: StoreName, key: Key, value: unknown) => told(transaction.objectStore(store).put(value, key)),
		delete: (store: StoreName, key: Key) => told(transaction.objectStore(store).delete(key)),
		deleteRange(store: StoreName, range: KeyRange<Key>) {
			const bounds = nativeRange(range);
			told(
				bounds === undefined
					? transaction.objectStore(store).clear()
					: transaction.objectStore(store).delete(bounds)
			);
		},
		clear: (store: StoreName) => told(transaction.objectStore(store).clear())
	};
}

async function inTransaction<Names extends StoreName, Answer>(
	database: IDBPDatabase,
	stores: readonly Names[],
	how: { readonly mode: 'readonly' | 'readwrite'; readonly durability: Durability },
	run: (transaction: Writing<Names>) => Promise<Answer>
): Promise<Answer> {
	let transaction: Transaction;
	try {
		transaction = database.transaction([...stores], how.mode, { durability: how.durability }) as Transaction;
	} catch (error) {
		throw failureOf(error);
	}
	const ended = transaction.done.then(
		() => undefined,
		(error: unknown) => failureOf(error)
	);
	let answer: Answer;
	try {
		// The requests are untyped; the port's types say which value belongs to which store.
		answer = await run(requests(transaction) as unknown as Writing<Names>);
	} catch (error) {
		abort(transaction);
		await ended;
		throw error instanceof DOMException ? failureOf(transaction.error ?? error) : error;
	}
	const failure = await ended;
	if (failure !== undefined) throw failure;
	return answer;
}

function abort(transaction: Transaction): void {
	try {
		transaction.abort();
	} catch (error) {
		// It had ended by itself, which is what we want.
		if (!(error instanceof DOMException)) throw error;
	}
}

/** How a database went: taken by the tab that rebuilds it, or deleted, or closed by the browser. */
export type Loss = 'taken' | 'gone';

/** A database that opens, and whether another tab took it since. */
async function openDatabase(name: string, version: number, lost: (how: Loss) => void) {
	const state = { isTaken: false };
	try {
		const database: IDBPDatabase = await openDB(name, version, {
			upgrade(created) {
				for (const store of storeNames) {
					if (!created.objectStoreNames.contains(store)) created.createObjectStore(store);
				}
			},
			blocking(_version, asked) {
				database.close();
				// It is deleted where no version is asked for.
				state.isTaken = asked !== null;
				lost(state.isTaken ? 'taken' : 'gone');
			},
			terminated: () => lost('gone')
		});
		return { database, state };
	} catch (error) {
		throw failureOf(error);
	}
}

async function openStorage(
	name: string,
	version: number,
	lost: (how: Loss) => void
): Promise<ReplicaStorage> {
	const { database, state } = await openDatabase(name, version, lost);
	const begin: typeof inTransaction = async (...given) => {
		// Not closed by us: whoever wanted to write has to keep what it is.
		if (state.isTaken) throw new StorageError('broken', 'another tab rebuilds the database');
		return inTransaction(...given);
	};
	return {
		read: (stores, run) => begin(database, stores, { mode: 'readonly', durability: 'relaxed' }, run),
		write: (stores, durability, run) => begin(database, stores, { mode: 'readwrite', durability }, run),
		close: () => database.close()
	};
}

/**
 * Storage in the browser's IndexedDB. `lost` is called when the database is taken away: another tab rebuilds it or
 * deleted it, or the browser closed it. Rejects with StorageError `broken` where it can't be opened.
 */
export function openIndexedDbStorage(name: string, lost: (how: Loss) => void): Promise<ReplicaStorage> {
	return openStorage(name, storeVersion, lost);
}

/**
 * Opens a database for this tab alone, to be read for the last time: other tabs are made to let go of it, and none opens it
 * again. Whatever they committed is in it; what they begin after that is refused as `broken`.
 */
export function takeIndexedDbStorage(name: string): Promise<ReplicaStorage> {
	return openStorage(name, takenVersion, () => undefined);
}

/** Deletes a database; other tabs that hold it open are told to let go. Resolves when it is gone. */
export async function deleteIndexedDbStorage(name: string): Promise<void> {
	try {
		await deleteDB(name);
	} catch (error) {
		throw failureOf(error);
	}
}
