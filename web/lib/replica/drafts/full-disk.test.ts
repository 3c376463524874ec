import { afterEach, describe, expect, it } from 'vitest';
import { addRecipient, setSubject, subjectOf } from '#schema/docs/draft.ts';
import { StorageError } from '../storage/failure.ts';
import { memoryDisk, openMemoryStorage } from '../storage/memory.ts';
import type { ReplicaStorage } from '../storage/storage.ts';
import { opening } from '../trial/letters.ts';
import { settled } from '../trial/manual-clock.ts';
import { Office, openDraft } from '../trial/office.ts';

const from = { name: '李明', address: 'li@hongyan.example' };

let office = new Office();

afterEach(() => {
	office.close();
});

/** Storage on a disk that can be full. */
function fillable(storage: ReplicaStorage) {
	const disk = { isFull: false };
	const write: ReplicaStorage['write'] = (stores, durability, run) =>
		disk.isFull ? Promise.reject(new StorageError('full')) : storage.write(stores, durability, run);
	return { disk, storage: { ...storage, write } };
}

async function openFillable() {
	office = new Office();
	const { disk, storage } = fillable(openMemoryStorage(office.disk));
	return { disk, tab: await office.openTab(storage) };
}

describe('on a full disk', () => {
	it('[R30] [R40] a draft that is closed keeps what was typed, and saves it when there is room', async () => {
		const { disk, tab } = await openFillable();
		const id = await tab.drafts.create({ from, subject: 'a' });
		const draft = await openDraft(tab, id);
		disk.isFull = true;
		setSubject(draft.doc, 'b');
		await draft.close();
		const again = await openDraft(tab, id);
		expect(subjectOf(again.doc)).toBe('b');
		expect(again.status()).toEqual({ kind: 'unsaved' });
		await again.close();

		disk.isFull = false;
		await office.machine.clock.advance(5_000);
		expect(tab.drafts.row(id)?.subject).toBe('b');
		const last = await openDraft(tab, id);
		expect(last).not.toBe(again);
		expect(subjectOf(last.doc)).toBe('b');
		await last.close();
	});

	it('[R40] a letter does not go without what was typed last', async () => {
		const { disk, tab } = await openFillable();
		const id = await tab.drafts.create({ from, subject: 'a' });
		const draft = await openDraft(tab, id);
		addRecipient(draft.doc, 'to', { name: '', address: 'wang@outside.example' });
		expect(await draft.save()).toBe(true);
		disk.isFull = true;
		setSubject(draft.doc, 'b');
		expect(await tab.drafts.send(id)).toEqual({ kind: 'invalid', problems: ['unsaved'] });
		expect(tab.outbox.items()).toEqual([]);
		disk.isFull = false;
		expect(await tab.drafts.send(id)).toMatchObject({ kind: 'queued' });
		await draft.close();
	});

	it('[R40] a new device says so, and begins by itself when there is room', async () => {
		office = new Office();
		const { disk, storage } = fillable(openMemoryStorage(office.disk));
		disk.isFull = true;
		const opened = office.openTab(storage);
		await settled();
		const [tab] = office.tabs;
		expect(tab?.connectivity.state()).toEqual({ kind: 'storage-full' });
		expect(tab?.core.isLoaded).toBe(false);
		disk.isFull = false;
		await office.machine.clock.advance(5_000);
		await opened;
		expect(tab?.core.isLoaded).toBe(true);
		expect(tab?.connectivity.state().kind).not.toBe('storage-full');
	});
});

describe('last words', () => {
	it('[R46] [R41] wait for their draft where the database has yet to be filled again', async () => {
		office = new Office();
		const first = await office.openTab();
		await office.connect();
		const id = await first.drafts.create({ from, subject: 'a' });
		await office.ackAll();
		const draft = await openDraft(first, id);
		const state = await first.core.storage.read(['updates'], (transaction) => transaction.getAll('updates'));
		setSubject(draft.doc, 'last words');
		office.machine.hide();
		expect(office.machine.kept.size).toBe(1);
		first.close();

		const second = new Office(office.machine);
		const repaired = await second.openTab(openMemoryStorage(memoryDisk()));
		expect(office.machine.kept.size).toBe(1);
		const documents = state.map((update) => ({ document: id, state: update }));
		second.opening = opening({ documents });
		await second.connect();
		await settled();
		const again = await openDraft(repaired, id);
		expect(subjectOf(again.doc)).toBe('last words');
		expect(office.machine.kept.size).toBe(0);
		await again.close();
		second.close();
	});
});
