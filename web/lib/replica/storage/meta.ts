import type { Reading } from './storage.ts';
import type { MetaRows } from './stores.ts';

/** Reads one of the single rows, with its own type. */
export function readMeta<Key extends keyof MetaRows>(
	transaction: Reading<'meta'>,
	key: Key
): Promise<MetaRows[Key] | undefined> {
	// A store has one type of value; that this key holds this row is what every put keeps to.
	return transaction.get('meta', key) as Promise<MetaRows[Key] | undefined>;
}
