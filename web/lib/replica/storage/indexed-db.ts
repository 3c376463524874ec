import { deleteDB, openDB, type IDBPDatabase, type IDBPTransaction } from 'idb';
import { StorageError } from './failure.ts';
import type { Durability, KeyRange, ReplicaStorage, Writing } from './storage.ts';
import { storeNames, storeVersion, type StoreName } from './stores.ts';

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

/**
 * Storage in the browser's IndexedDB. `lost` is called when the browser takes the database away: it was
 * deleted from another tab, or the browser closed it. Rejects with StorageError `broken` where it can't be opened.
 */
export async function openIndexedDbStorage(name: string, lost: () => void): Promise<ReplicaStorage> {
	let database: IDBPDatabase;
	try {
		database = await openDB(name, storeVersion, {
			upgrade(created) {
				for (const store of storeNames) {
					if (!created.objectStoreNames.contains(store)) created.createObjectStore(store);
				}
			},
			blocking() {
				database.close();
				lost();
			},
			terminated: lost
		});
	} catch (error) {
		throw failureOf(error);
	}
	return {
		read: (stores, run) => inTransaction(database, stores, { mode: 'readonly', durability: 'relaxed' }, run),
		write: (stores, durability, run) =>
			inTransaction(database, stores, { mode: 'readwrite', durability }, run),
		close: () => database.close()
	};
}

/** Deletes a database; other tabs that hold it open are told to let go. Resolves when it is gone. */
export async function deleteIndexedDbStorage(name: string): Promise<void> {
	try {
		await deleteDB(name);
	} catch (error) {
		throw failureOf(error);
	}
}
