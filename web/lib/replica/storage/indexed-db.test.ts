import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { describeReplicaStorage } from './describe-storage.ts';
import { deleteIndexedDbStorage, openIndexedDbStorage } from './indexed-db.ts';

let databases = 0;

function freshName(): string {
	databases += 1;
	return `storage-${databases}`;
}

describeReplicaStorage('IndexedDB', () => openIndexedDbStorage(freshName(), () => undefined));

describe('IndexedDB', () => {
	it('[R64] still has it after it was closed and opened again', async () => {
		const name = freshName();
		const first = await openIndexedDbStorage(name, () => undefined);
		await first.write(['updates'], 'strict', async (transaction) => {
			transaction.put('updates', 'a', Uint8Array.of(1));
		});
		first.close();
		const second = await openIndexedDbStorage(name, () => undefined);
		expect(await second.read(['updates'], (transaction) => transaction.get('updates', 'a'))).toEqual(
			Uint8Array.of(1)
		);
		second.close();
	});

	it('[R65] lets go of a database that is deleted elsewhere, and says so', async () => {
		const name = freshName();
		let lost = 0;
		const storage = await openIndexedDbStorage(name, () => (lost += 1));
		await deleteIndexedDbStorage(name);
		expect(lost).toBe(1);
		const late = storage.read(['updates'], (transaction) => transaction.getAll('updates'));
		await expect(late).rejects.toMatchObject({ kind: 'closed' });
		const anew = await openIndexedDbStorage(name, () => undefined);
		expect(await anew.read(['updates'], (transaction) => transaction.getAll('updates'))).toEqual([]);
		anew.close();
	});

	it('[R40] tells a full disk by its own name', async () => {
		const storage = await openIndexedDbStorage(freshName(), () => undefined);
		const full = storage.write(['updates'], 'strict', async () => {
			throw new DOMException('no room', 'QuotaExceededError');
		});
		await expect(full).rejects.toMatchObject({ name: 'StorageError', kind: 'full' });
		const unclonable = storage.write(['updates'], 'strict', async (transaction) => {
			transaction.put('updates', 'a', (() => undefined) as unknown as Uint8Array<ArrayBuffer>);
		});
		await expect(unclonable).rejects.toMatchObject({ name: 'StorageError', kind: 'broken' });
		storage.close();
	});
});
