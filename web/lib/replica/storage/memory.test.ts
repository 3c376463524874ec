import { describe, expect, it } from 'vitest';
import { describeReplicaStorage } from './describe-storage.ts';
import { memoryDisk, openMemoryStorage } from './memory.ts';

describeReplicaStorage('memory', () => Promise.resolve(openMemoryStorage()));

describe('a disk in memory', () => {
	it('[R64] keeps what was committed when a tab vanishes, and nothing of what was not', async () => {
		const disk = memoryDisk();
		const crashing = openMemoryStorage(disk);
		await crashing.write(['updates'], 'strict', async (transaction) => {
			transaction.put('updates', 'committed', Uint8Array.of(1));
		});
		const unfinished = crashing.write(['updates'], 'strict', async (transaction) => {
			transaction.put('updates', 'unfinished', Uint8Array.of(2));
			await transaction.get('updates', 'committed');
			crashing.close();
		});
		await expect(unfinished).rejects.toMatchObject({ kind: 'closed' });
		const next = openMemoryStorage(disk);
		expect(await next.read(['updates'], (transaction) => transaction.getAll('updates'))).toEqual([
			Uint8Array.of(1)
		]);
	});

	it('[R62] refuses a store that the transaction did not name', async () => {
		const storage = openMemoryStorage();
		const stray = storage.write(['updates'], 'strict', async (transaction) => {
			(transaction as unknown as { put(store: string, key: string, value: unknown): void }).put(
				'clock',
				'clock',
				1
			);
		});
		await expect(stray).rejects.toMatchObject({ kind: 'broken' });
	});
});
