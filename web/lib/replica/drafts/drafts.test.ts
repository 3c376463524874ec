import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { setSubject, subjectOf } from '#schema/docs/draft.ts';
import type { DocumentId } from '#schema/ids.ts';
import type { PushFrame } from '#schema/protocol/messages.ts';
import type { Change } from '#schema/space/entry.ts';
import { li as from } from '#schema/trial/people.ts';
import type { OpenReplica } from '../open-replica.ts';
import { StorageError } from '../storage/failure.ts';
import { openMemoryStorage } from '../storage/memory.ts';
import { stamp } from '../trial/letters.ts';
import { successorOf } from '#schema/mail/submission.ts';
import { settled } from '../trial/manual-clock.ts';
import { Office, openDraft } from '../trial/office.ts';

let office = new Office();

afterEach(() => {
	office.close();
});

async function openTab(): Promise<OpenReplica> {
	office = new Office();
	return office.openTab();
}

/** The edit another device made of a draft, as its log entry brings it. */
function editElsewhere(doc: Y.Doc, edit: (copy: Y.Doc) => void): Uint8Array {
	const copy = new Y.Doc();
	Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
	const before = Y.encodeStateVector(copy);
	edit(copy);
	return Y.encodeStateAsUpdate(copy, before);
}

function sentElsewhere(id: DocumentId): Change[] {
	const at = stamp(office.machine.clock.now() + 60_000, 0, 'server');
	const target = { kind: 'subject', subject: `draft:${id}` } as const;
	return [
		{ kind: 'registers', target, field: 'deleted', value: true, stamp: at },
		{ kind: 'registers', target, field: 'generation', value: 1, stamp: at }
	];
}

describe('drafts', () => {
	it('[R33] [2.3.4-a] are listed as soon as they are made, and after a crash', async () => {
		const first = await openTab();
		const id = await first.drafts.create({
			from,
			to: [{ name: '王芳', address: 'wang@x.example' }],
			subject: '你好',
			text: 'Text'
		});
		const row = { id, to: '王芳', subject: '你好', snippet: 'Text', attachments: 0, sending: false };
		expect(first.drafts.list()).toMatchObject([row]);
		first.close();
		const second = await office.openTab();
		expect(second.drafts.list()).toMatchObject([row]);
		const draft = await openDraft(second, id);
		expect(subjectOf(draft.doc)).toBe('你好');
		await draft.close();
	});

	it('[R46] [2.3.4-a] keep what was typed when the page is put away before any save commits', async () => {
		office = new Office();
		const storage = openMemoryStorage(office.disk);
		let isPutAway = false;
		const first = await office.openTab({
			...storage,
			// What is begun while a page is put away never commits.
			write: (stores, durability, run) =>
				isPutAway ? new Promise<never>(() => undefined) : storage.write(stores, durability, run)
		});
		const id = await first.drafts.create({ from });
		const draft = await openDraft(first, id);
		setSubject(draft.doc, 'First words');
		await draft.save();
		setSubject(draft.doc, 'Last words');
		isPutAway = true;
		office.machine.hide();
		first.stop();
		const second = await office.openTab();
		expect(second.drafts.row(id)?.subject).toBe('Last words');
		const again = await openDraft(second, id);
		expect(subjectOf(again.doc)).toBe('Last words');
		await again.close();
		expect(office.machine.kept.size).toBe(0);
	});

	it('[R46] keep nothing aside of what a save has committed', async () => {
		const tab = await openTab();
		const draft = await openDraft(tab, await tab.drafts.create({ from }));
		setSubject(draft.doc, 'Only hidden');
		office.machine.hide();
		expect(office.machine.kept.size).toBe(1);
		await draft.save();
		expect(office.machine.kept.size).toBe(0);
		expect(draft.status()).toEqual({ kind: 'saved-here' });
		await draft.close();
	});

	it('[R30] save a while after the last edit, and at the latest a while after the first', async () => {
		const tab = await openTab();
		const { clock } = office.machine;
		const draft = await openDraft(tab, await tab.drafts.create({ from }));
		setSubject(draft.doc, 'a');
		expect(draft.status()).toEqual({ kind: 'changed' });
		await clock.advance(299);
		expect(draft.status()).toEqual({ kind: 'changed' });
		await clock.advance(1);
		expect(draft.status()).toEqual({ kind: 'saved-here' });
		const start = clock.now();
		while (draft.status().kind !== 'changed' || clock.now() < start + 200) {
			setSubject(draft.doc, `at ${clock.now()}`);
			await clock.advance(200);
		}
		while (draft.status().kind === 'changed') {
			setSubject(draft.doc, `at ${clock.now()}`);
			await clock.advance(100);
		}
		expect(clock.now() - start).toBeLessThanOrEqual(1_700);
		await draft.close();
	});

	it('[R30] are saved once the server has them', async () => {
		const tab = await openTab();
		await office.connect();
		const draft = await openDraft(tab, await tab.drafts.create({ from }));
		setSubject(draft.doc, 'a');
		await draft.save();
		expect(draft.status()).toEqual({ kind: 'saved-here' });
		await settled();
		await office.ackAll();
		expect(draft.status()).toEqual({ kind: 'saved' });
		await draft.close();
	});

	it('[R30] keep what can’t be stored, say so, and try again', async () => {
		office = new Office();
		const storage = openMemoryStorage(office.disk);
		let isFull = false;
		const tab = await office.openTab({
			...storage,
			write: (stores, durability, run) =>
				isFull ? Promise.reject(new StorageError('full')) : storage.write(stores, durability, run)
		});
		const draft = await openDraft(tab, await tab.drafts.create({ from }));
		isFull = true;
		setSubject(draft.doc, 'a');
		await office.machine.clock.advance(300);
		expect(draft.status()).toEqual({ kind: 'unsaved' });
		expect(tab.connectivity.state().kind).toBe('storage-full');
		isFull = false;
		await office.machine.clock.advance(5_000);
		expect(draft.status()).toEqual({ kind: 'saved-here' });
		await draft.close();
	});

	it('[R31] take in what another device wrote, and do not save it as theirs', async () => {
		const tab = await openTab();
		await office.connect();
		const draft = await openDraft(tab, await tab.drafts.create({ from, subject: 'a' }));
		await settled();
		await office.ackAll();
		const update = editElsewhere(draft.doc, (copy) => setSubject(copy, 'b'));
		await office.tell({ kind: 'text', document: draft.id, update });
		expect(subjectOf(draft.doc)).toBe('b');
		await office.machine.clock.advance(5_000);
		expect(tab.core.memory.pending.size).toBe(0);
		expect(draft.status()).toEqual({ kind: 'saved' });
		await draft.close();
	});

	it('[R31] take in what another tab wrote', async () => {
		const first = await openTab();
		const second = await office.openTab();
		const id = await first.drafts.create({ from, subject: 'a' });
		await settled();
		const [one, two] = [await openDraft(first, id), await openDraft(second, id)];
		setSubject(one.doc, 'b');
		await one.save();
		await settled();
		expect(subjectOf(two.doc)).toBe('b');
		expect(two.status()).toEqual({ kind: 'saved-here' });
		await one.close();
		await two.close();
	});

	it('[R12] become one pending change, however long they are written at', async () => {
		const tab = await openTab();
		const draft = await openDraft(tab, await tab.drafts.create({ from }));
		for (let edit = 0; edit < 20; edit += 1) {
			setSubject(draft.doc, `Subject ${edit}`);
			await draft.save();
		}
		const texts = [...tab.core.memory.pending.values()].filter(({ kind }) => kind === 'text');
		expect(texts).toHaveLength(1);
		await draft.close();
	});

	it('[R33] go with discard and come back with restore', async () => {
		const tab = await openTab();
		const id = await tab.drafts.create({ from, subject: 'a' });
		await tab.drafts.discard(id);
		expect(tab.drafts.list()).toEqual([]);
		await tab.drafts.restore(id);
		expect(tab.drafts.list()).toMatchObject([{ id, subject: 'a' }]);
	});

	it('[R31] fold their many updates into one when they are closed', async () => {
		const tab = await openTab();
		await office.connect();
		const draft = await openDraft(tab, await tab.drafts.create({ from, subject: 'a' }));
		for (let edit = 0; edit < 70; edit += 1) {
			const update = editElsewhere(draft.doc, (copy) => setSubject(copy, `b${edit}`));
			await office.tell({ kind: 'text', document: draft.id, update });
		}
		await draft.close();
		const updates = await tab.core.storage.read(['updates'], (transaction) => transaction.getAll('updates'));
		expect(updates).toEqual([]);
		const again = await openDraft(tab, draft.id);
		expect(subjectOf(again.doc)).toBe('b69');
		await again.close();
	});

	it('[R32] that were sent elsewhere meanwhile leave a new draft with the late edits', async () => {
		const tab = await openTab();
		await office.connect();
		const id = await tab.drafts.create({ from, subject: 'a' });
		await settled();
		await office.ackAll();
		office.socket.closeWith(1006);
		const draft = await openDraft(tab, id);
		setSubject(draft.doc, 'late');
		await draft.close();
		await office.machine.clock.advance(1_000);
		await office.connect();
		await office.tell(...sentElsewhere(id));
		await settled();
		expect(tab.drafts.list()).toMatchObject([{ id: successorOf(id, 1), subject: 'late' }]);
		const pushed = (office.socket.sent('push') as PushFrame[]).flatMap(({ changes }) => changes);
		expect(pushed.length).toBeGreaterThan(0);
	});

	it('[R32] [R94] leave none where what was written went with the letter, though its ack was lost', async () => {
		const tab = await openTab();
		await office.connect();
		const id = await tab.drafts.create({ from, subject: 'a' });
		await office.ackAll();
		const draft = await openDraft(tab, id);
		setSubject(draft.doc, 'b');
		await draft.close();
		await office.commitUnheard();
		await office.machine.clock.advance(1_000);
		await office.connect(...sentElsewhere(id));
		expect(tab.drafts.list()).toEqual([]);
		await office.ackAll();
		expect(tab.drafts.list()).toEqual([]);
	});

	it('[R32] that were sent elsewhere meanwhile leave that new draft once, also when it is thrown away', async () => {
		const tab = await openTab();
		await office.connect();
		const id = await tab.drafts.create({ from, subject: 'a' });
		await office.ackAll();
		office.socket.closeWith(1006);
		const draft = await openDraft(tab, id);
		setSubject(draft.doc, 'late');
		await draft.close();
		await office.machine.clock.advance(1_000);
		await office.connect(...sentElsewhere(id));
		await settled();
		await tab.drafts.discard(successorOf(id, 1));
		// Heard of once more before anything is acked.
		await office.machine.clock.advance(1_000);
		const target = { kind: 'subject', subject: `draft:${id}` } as const;
		const at = stamp(office.machine.clock.now() + 90_000, 0, 'other');
		await office.tell({ kind: 'registers', target, field: 'snippet', value: 'c', stamp: at });
		await settled();
		expect(tab.drafts.list()).toEqual([]);
	});

	it('[R32] that this device sent itself leave none', async () => {
		const tab = await openTab();
		const id = await tab.drafts.create({ from, to: [from], subject: 'a' });
		const outcome = await tab.drafts.send(id);
		expect(outcome.kind).toBe('queued');
		await office.connect();
		await office.tell(...sentElsewhere(id));
		await settled();
		expect(tab.drafts.list()).toEqual([]);
	});

	it('[R28] are edited live while there is a connection', async () => {
		const tab = await openTab();
		await office.connect();
		const draft = await openDraft(tab, await tab.drafts.create({ from, subject: 'a' }));
		await settled();
		expect(office.socket.sent('open')).toEqual([{ channel: 1, space: 'space', document: draft.id }]);
		office.socket.say('opened', { channel: 1, access: 'write' });
		await settled();
		const live = () => office.socket.frames.filter(({ kind }) => kind === 'live').length;
		const before = live();
		expect(before).toBeGreaterThan(0);
		setSubject(draft.doc, 'b');
		expect(live()).toBe(before + 1);
		await draft.close();
		expect(office.socket.sent('close')).toEqual([{ channel: 1 }]);
	});
});
