import { describe, expect, it } from 'vitest';
import type { DeviceId } from '#schema/ids.ts';
import { StorageError } from './failure.ts';
import type { ReplicaStorage } from './storage.ts';
import type { Stores } from './stores.ts';

const clock = { device: 'own' as DeviceId, last: { time: 1, counter: 0 }, nextKey: 1 };

function column(block: number): Stores['columns']['value'] {
	return { block, buffer: Uint8Array.of(block & 255).buffer };
}

async function blocksIn(storage: ReplicaStorage, range?: { from?: number; to?: number }): Promise<number[]> {
	const records = await storage.read(['columns'], (transaction) => transaction.getAll('columns', range));
	return records.map(({ block }) => block);
}

async function putBlocks(storage: ReplicaStorage, ...blocks: readonly number[]): Promise<void> {
	await storage.write(['columns'], 'relaxed', async (transaction) => {
		for (const block of blocks) transaction.put('columns', block, column(block));
	});
}

function describeValues(open: () => Promise<ReplicaStorage>): void {
	it('[R60] gives back what was put, typed arrays and all, as a copy', async () => {
		const storage = await open();
		const update = Uint8Array.of(1, 2, 3);
		await storage.write(['updates'], 'strict', async (transaction) => {
			transaction.put('updates', 'a', update);
		});
		update[0] = 9;
		const first = await storage.read(['updates'], (transaction) => transaction.get('updates', 'a'));
		expect(first).toEqual(Uint8Array.of(1, 2, 3));
		first?.fill(7);
		const second = await storage.read(['updates'], (transaction) => transaction.get('updates', 'a'));
		expect(second).toEqual(Uint8Array.of(1, 2, 3));
		storage.close();
	});

	it('[R60] has nothing under a key that was never put', async () => {
		const storage = await open();
		expect(await storage.read(['columns'], (transaction) => transaction.get('columns', 5))).toBeUndefined();
		expect(await blocksIn(storage)).toEqual([]);
		storage.close();
	});

	it('[R61] lists values in the order of their keys, from one key up to another', async () => {
		const storage = await open();
		await putBlocks(storage, 10, 2, 33, 4);
		expect(await blocksIn(storage)).toEqual([2, 4, 10, 33]);
		expect(await blocksIn(storage, { from: 4 })).toEqual([4, 10, 33]);
		expect(await blocksIn(storage, { to: 10 })).toEqual([2, 4]);
		expect(await blocksIn(storage, { from: 4, to: 33 })).toEqual([4, 10]);
		storage.close();
	});

	it('[R61] deletes one, a range, or all', async () => {
		const storage = await open();
		await putBlocks(storage, 1, 2, 3, 4, 5);
		await storage.write(['columns'], 'relaxed', async (transaction) => {
			transaction.delete('columns', 1);
			transaction.deleteRange('columns', { from: 3, to: 5 });
		});
		expect(await blocksIn(storage)).toEqual([2, 5]);
		await storage.write(['columns'], 'relaxed', async (transaction) => {
			transaction.clear('columns');
		});
		expect(await blocksIn(storage)).toEqual([]);
		storage.close();
	});
}

function describeTransactions(open: () => Promise<ReplicaStorage>): void {
	it('[R62] reads its own changes inside a transaction', async () => {
		const storage = await open();
		const seen = await storage.write(['clock', 'columns'], 'strict', async (transaction) => {
			transaction.put('clock', 'clock', clock);
			transaction.put('columns', 1, column(1));
			const [row, columns] = await Promise.all([
				transaction.get('clock', 'clock'),
				transaction.getAll('columns')
			]);
			return { row, count: columns.length };
		});
		expect(seen).toEqual({ row: clock, count: 1 });
		storage.close();
	});

	it('[R62] keeps nothing of a transaction that throws, and lets the error through', async () => {
		const storage = await open();
		await putBlocks(storage, 1);
		const failing = storage.write(['columns', 'clock'], 'strict', async (transaction) => {
			transaction.put('columns', 2, column(2));
			transaction.delete('columns', 1);
			await transaction.get('columns', 2);
			throw new RangeError('of ours');
		});
		await expect(failing).rejects.toThrow(new RangeError('of ours'));
		expect(await blocksIn(storage)).toEqual([1]);
		storage.close();
	});

	it('[R62] runs writers of one store one after another', async () => {
		const storage = await open();
		await storage.write(['clock'], 'strict', async (transaction) => {
			transaction.put('clock', 'clock', { ...clock, nextKey: 0 });
		});
		const increment = () =>
			storage.write(['clock'], 'strict', async (transaction) => {
				const row = await transaction.get('clock', 'clock');
				transaction.put('clock', 'clock', { ...clock, nextKey: (row?.nextKey ?? 0) + 1 });
			});
		await Promise.all(Array.from({ length: 20 }, increment));
		const row = await storage.read(['clock'], (transaction) => transaction.get('clock', 'clock'));
		expect(row?.nextKey).toBe(20);
		storage.close();
	});

	it('[R63] refuses everything once it is closed', async () => {
		const storage = await open();
		storage.close();
		await expect(putBlocks(storage, 1)).rejects.toThrow(new StorageError('closed'));
		await expect(blocksIn(storage)).rejects.toThrow(new StorageError('closed'));
	});
}

/** What every driver of the storage port must do. `open` makes an empty storage each time. */
export function describeReplicaStorage(driver: string, open: () => Promise<ReplicaStorage>): void {
	describe(`replica storage: ${driver}`, () => {
		describeValues(open);
		describeTransactions(open);
	});
}
