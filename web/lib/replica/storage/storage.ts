import type { StoreName, Stores } from './stores.ts';

export type KeyOf<Name extends StoreName> = Stores[Name]['key'];
export type ValueOf<Name extends StoreName> = Stores[Name]['value'];

/** Keys from `from` (inclusive) to `to` (exclusive); either may be left open. */
export interface KeyRange<Key> {
	readonly from?: Key;
	readonly to?: Key;
}

/** What can be read inside a transaction. What comes back is the caller's own copy. */
export interface Reading<Names extends StoreName> {
	get<Name extends Names>(store: Name, key: KeyOf<Name>): Promise<ValueOf<Name> | undefined>;
	/** Values in the order of their keys. */
	getAll<Name extends Names>(store: Name, range?: KeyRange<KeyOf<Name>>): Promise<ValueOf<Name>[]>;
}

/** What can be done inside a writing transaction. A put that fails shows when the transaction ends. */
export interface Writing<Names extends StoreName> extends Reading<Names> {
	put<Name extends Names>(store: Name, key: KeyOf<Name>, value: ValueOf<Name>): void;
	delete<Name extends Names>(store: Name, key: KeyOf<Name>): void;
	deleteRange<Name extends Names>(store: Name, range: KeyRange<KeyOf<Name>>): void;
	clear(store: Names): void;
}

/** `strict` for a person's work: it resolves when the disk has it. `relaxed` for what can be fetched again. */
export type Durability = 'strict' | 'relaxed';

/**
 * Where a replica lies on the device: named stores of keyed values, read and written in transactions.
 * Transactions over a common store that write are serialised, across tabs too. `run` may await nothing but
 * the transaction itself. Everything rejects with StorageError.
 */
export interface ReplicaStorage {
	read<Names extends StoreName, Answer>(
		stores: readonly Names[],
		run: (transaction: Reading<Names>) => Promise<Answer>
	): Promise<Answer>;
	/** Resolves after the commit. Where `run` throws, nothing is kept and the error comes through. */
	write<Names extends StoreName, Answer>(
		stores: readonly Names[],
		durability: Durability,
		run: (transaction: Writing<Names>) => Promise<Answer>
	): Promise<Answer>;
	/** Ends the connection; what comes after rejects as `closed`. */
	close(): void;
}
