import { Lane } from '../lane.ts';
import { StorageError } from './failure.ts';
import type { KeyRange, ReplicaStorage, Writing } from './storage.ts';
import type { StoreName } from './stores.ts';

type Key = number | string;
type Rows = Map<Key, unknown>;

/**
 * What outlives one storage over it: the browser tab's memory on a public computer, or in a test the disk
 * that a second tab shares and that a crashed one leaves behind.
 */
export interface MemoryDisk {
	readonly stores: Map<StoreName, Rows>;
	/** In which its transactions run, whichever storage they were asked of. */
	readonly lane: Lane;
}

/** An empty disk, for one storage or for several that share it as tabs do. */
export function memoryDisk(): MemoryDisk {
	return { stores: new Map(), lane: new Lane() };
}

/** Numbers before texts, each ascending, as IndexedDB orders keys. */
function compareKeys(left: Key, right: Key): number {
	if (typeof left !== typeof right) return typeof left === 'number' ? -1 : 1;
	return left < right ? -1 : left > right ? 1 : 0;
}

function isInside(key: Key, { from, to }: KeyRange<Key>): boolean {
	return (
		(from === undefined || compareKeys(key, from) >= 0) && (to === undefined || compareKeys(key, to) < 0)
	);
}

/** One transaction: reads through its own changes, which reach the disk all at once or not at all. */
class MemoryTransaction {
	readonly #disk: MemoryDisk;
	readonly #allowed: ReadonlySet<StoreName>;
	readonly #changed = new Map<StoreName, Rows>();

	constructor(disk: MemoryDisk, allowed: readonly StoreName[]) {
		this.#disk = disk;
		this.#allowed = new Set(allowed);
	}

	get(store: StoreName, key: Key): Promise<unknown> {
		return Promise.resolve(structuredClone(this.#rows(store).get(key)));
	}

	getAll(store: StoreName, range: KeyRange<Key> = {}): Promise<unknown[]> {
		const rows = [...this.#rows(store)].filter(([key]) => isInside(key, range));
		rows.sort(([left], [right]) => compareKeys(left, right));
		return Promise.resolve(rows.map(([, value]) => structuredClone(value)));
	}

	put(store: StoreName, key: Key, value: unknown): void {
		this.#ownRows(store).set(key, structuredClone(value));
	}

	delete(store: StoreName, key: Key): void {
		this.#ownRows(store).delete(key);
	}

	deleteRange(store: StoreName, range: KeyRange<Key>): void {
		const rows = this.#ownRows(store);
		for (const key of [...rows.keys()]) if (isInside(key, range)) rows.delete(key);
	}

	clear(store: StoreName): void {
		this.#ownRows(store).clear();
	}

	commit(): void {
		for (const [store, rows] of this.#changed) this.#disk.stores.set(store, rows);
	}

	#rows(store: StoreName): Rows {
		if (!this.#allowed.has(store)) throw new StorageError('broken', `${store} is not in the transaction`);
		return this.#changed.get(store) ?? this.#disk.stores.get(store) ?? new Map<Key, unknown>();
	}

	#ownRows(store: StoreName): Rows {
		const own = this.#changed.get(store) ?? new Map(this.#rows(store));
		this.#changed.set(store, own);
		return own;
	}
}

/** Storage in memory alone: nothing of it is left when the tab is closed. */
export function openMemoryStorage(disk: MemoryDisk = memoryDisk()): ReplicaStorage {
	let isClosed = false;

	function inTurn<Answer>(run: () => Promise<Answer>): Promise<Answer> {
		return disk.lane.inTurn(() => {
			if (isClosed) throw new StorageError('closed');
			return run();
		});
	}

	const begin = <Names extends StoreName>(stores: readonly Names[]) => {
		const transaction = new MemoryTransaction(disk, stores);
		// The class is untyped inside; the port's types say which value belongs to which store.
		return { transaction, typed: transaction as unknown as Writing<Names> };
	};

	return {
		read: (stores, run) => inTurn(() => run(begin(stores).typed)),
		write: (stores, _durability, run) =>
			inTurn(async () => {
				const { transaction, typed } = begin(stores);
				const answer = await run(typed);
				if (isClosed) throw new StorageError('closed');
				transaction.commit();
				return answer;
			}),
		close() {
			isClosed = true;
		}
	};
}
