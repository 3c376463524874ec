import { newId, type RandomBytes } from '#schema/ids.ts';
import { laterTime } from '../changes/pending-change.ts';
import { StorageError } from './failure.ts';
import { isSound } from './sound.ts';
import type { ReplicaStorage } from './storage.ts';
import type { StoreName, Stores } from './stores.ts';

/** A person's work that is nowhere but on this device. */
export interface Salvage {
	readonly pending: readonly Stores['pending']['value'][];
	readonly clock: Stores['clock']['value'];
	readonly outbox: readonly Stores['outbox']['value'][];
	readonly attachments: readonly Stores['attachments']['value'][];
	readonly blobs: ReadonlyMap<string, Stores['blobs']['value']>;
}

/** Reads what can be read; nothing where it can't. */
async function readable<Answer>(read: () => Promise<Answer>): Promise<Answer | undefined> {
	try {
		return await read();
	} catch (error) {
		if (error instanceof StorageError || error instanceof DOMException) return undefined;
		throw error;
	}
}

/** Rows with keys from `from` to `to`; around one that can't be read it reads ever smaller stretches. */
async function readPending(storage: ReplicaStorage, from: number, to: number): Promise<Salvage['pending']> {
	const rows = await readable(() =>
		storage.read(['pending'], (transaction) => transaction.getAll('pending', { from, to }))
	);
	if (rows !== undefined) return rows.filter((row) => isSound('pending', row.key, row));
	if (to - from <= 1) return [];
	const middle = Math.floor((from + to) / 2);
	return [...(await readPending(storage, from, middle)), ...(await readPending(storage, middle, to))];
}

async function readAll<Name extends StoreName>(
	storage: ReplicaStorage,
	store: Name
): Promise<readonly Stores[Name]['value'][]> {
	const rows = await readable(() => storage.read([store], (transaction) => transaction.getAll(store)));
	return (rows ?? []).filter((row) => isSound(store, undefined, row));
}

/** The clock that goes on where these changes ended; the device counts as a new one. */
function clockAfter(pending: Salvage['pending'], random: RandomBytes): Salvage['clock'] {
	let last = { time: 0, counter: 0 };
	for (const change of pending) if (change.kind === 'registers') last = laterTime(last, change.stamp);
	const nextKey = pending.reduce((next, { key }) => Math.max(next, key + 1), 1);
	return { device: newId(random), last, nextKey };
}

/** Takes the pending work out of a database, as far as it can be read. */
export async function salvage(storage: ReplicaStorage, random: RandomBytes): Promise<Salvage> {
	const read = await readable(() =>
		storage.read(['clock'], (transaction) => transaction.get('clock', 'clock'))
	);
	const clock = read !== undefined && isSound('clock', 'clock', read) ? read : undefined;
	const pending = await readPending(storage, 0, clock?.nextKey ?? 2 ** 32);
	const attachments = await readAll(storage, 'attachments');
	const blobs = new Map<string, Stores['blobs']['value']>();
	for (const { id } of attachments) {
		const key = `attachment:${id}`;
		const bytes = await readable(() =>
			storage.read(['blobs'], (transaction) => transaction.get('blobs', key))
		);
		if (isSound('blobs', key, bytes) && bytes !== undefined) blobs.set(key, bytes);
	}
	return {
		pending,
		clock: clock ?? clockAfter(pending, random),
		outbox: await readAll(storage, 'outbox'),
		attachments,
		blobs
	};
}

/** Puts pending work into a new database, whose replica then opens the space anew. */
export async function restore(storage: ReplicaStorage, work: Salvage): Promise<void> {
	const stores = ['pending', 'clock', 'outbox', 'attachments', 'blobs'] as const;
	await storage.write(stores, 'strict', (transaction) => {
		transaction.put('clock', 'clock', work.clock);
		for (const change of work.pending) transaction.put('pending', change.key, change);
		for (const row of work.outbox) transaction.put('outbox', row.id, row);
		for (const record of work.attachments) transaction.put('attachments', record.id, record);
		for (const [key, bytes] of work.blobs) transaction.put('blobs', key, bytes);
		return Promise.resolve();
	});
}
