import { afterEach, describe, expect, it } from 'vitest';
import { setSubject } from '#schema/docs/draft.ts';
import { li as from } from '#schema/trial/people.ts';
import { arrived, marking, stamp } from '../trial/letters.ts';
import { settled } from '../trial/manual-clock.ts';
import { Office } from '../trial/office.ts';
import { isSound } from './sound.ts';
import { storeNames } from './stores.ts';

let office = new Office();

afterEach(() => {
	office.close();
});

/** A tab that has received, marked, written and sent; everything is on the disk of `office`. */
async function usedTab() {
	office = new Office();
	const tab = await office.openTab();
	await office.connect();
	await office.tell(arrived(1), arrived(2), marking([1], '$seen', true, stamp(office.machine.clock.now())));
	await tab.replica.writeMessages([1], '$important', true);
	const id = await tab.drafts.create({ from, to: [from], subject: 'Written' });
	const draft = await tab.drafts.open(id);
	if (draft === undefined) throw new Error('no draft');
	setSubject(draft.doc, 'Written again');
	await draft.attach({ name: 'a.txt', type: 'text/plain', blob: new Blob(['abc']) });
	await draft.close();
	await tab.drafts.send(id);
	await settled();
	return tab;
}

describe('records', () => {
	it('[R41] that the replica wrote itself are sound', async () => {
		await usedTab();
		const unsound = [...office.disk.stores].flatMap(([store, rows]) =>
			[...rows].filter(([key, value]) => !isSound(store, key, value)).map(([key]) => [store, key])
		);
		expect(unsound).toEqual([]);
		const filled = [...office.disk.stores].filter(([, rows]) => rows.size > 0).map(([store]) => store);
		for (const store of [
			'packs',
			'columns',
			'registers',
			'pending',
			'outbox',
			'attachments',
			'blobs',
			'meta'
		])
			expect(filled).toContain(store);
	});

	it.each(storeNames)('[R41] of %s are not sound when they are something else', (store) => {
		for (const [key] of office.disk.stores.get(store) ?? [[store === 'meta' ? 'head' : 1]])
			expect(isSound(store, key, { spoiled: true })).toBe(false);
	});

	it.each(['columns', 'packs', 'registers', 'meta', 'pending', 'clock', 'outbox'] as const)(
		'[R41] of %s that were spoiled are told at once when they are read',
		async (store) => {
			const tab = await usedTab();
			for (const [key] of office.disk.stores.get(store) ?? [])
				office.disk.stores.get(store)?.set(key, { spoiled: true });
			const told: string[] = [];
			tab.core.faults.add(({ kind }) => told.push(kind));
			const read = tab.core.storage.read([store], (transaction) => transaction.getAll(store));
			if (store === 'meta') {
				await read;
				await expect(
					tab.core.storage.read(['meta'], (transaction) => transaction.get('meta', 'head'))
				).rejects.toMatchObject({ kind: 'broken' });
			} else await expect(read).rejects.toMatchObject({ kind: 'broken' });
			expect(told).toContain('broken');
		}
	);
});
