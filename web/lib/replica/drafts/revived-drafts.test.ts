import { afterEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { setSubject } from '#schema/docs/draft.ts';
import type { DocumentId } from '#schema/ids.ts';
import type { PushFrame } from '#schema/protocol/messages.ts';
import type { Change } from '#schema/space/entry.ts';
import type { OpenReplica } from '../open-replica.ts';
import { generation, opening, stamp } from '../trial/letters.ts';
import { settled } from '../trial/manual-clock.ts';
import { Office, openDraft, space } from '../trial/office.ts';
import { readDocument } from './document-store.ts';

const from = { name: '李明', address: 'li@hongyan.example' };

let office = new Office();

afterEach(() => {
	office.close();
});

async function openTab(): Promise<OpenReplica> {
	office = new Office();
	return office.openTab();
}

/** A draft that the server has, and its text. */
async function syncedDraft(tab: OpenReplica) {
	await office.connect();
	const id = await tab.drafts.create({ from, subject: 'a' });
	await office.ackAll();
	expect(tab.core.memory.pending.size).toBe(0);
	return id;
}

function discardedElsewhere(id: DocumentId): Change {
	return {
		kind: 'registers',
		target: { kind: 'subject', subject: `draft:${id}` },
		field: 'deleted',
		value: true,
		stamp: stamp(office.machine.clock.now() + 1, 0, 'other')
	};
}

function pushedFields(): string[] {
	const frames = office.socket.sent('push') as PushFrame[];
	return frames.flatMap(({ changes }) =>
		changes.map((change) => (change.kind === 'text' ? 'text' : `${change.field} ${String(change.value)}`))
	);
}

/** Writes the subject of a draft on this device. */
async function write(tab: OpenReplica, id: DocumentId, subject: string): Promise<void> {
	const draft = await openDraft(tab, id);
	setSubject(draft.doc, subject);
	await draft.close();
}

/** The device connects a second later, and is told that the log does not lead on from where it stands. */
async function reconnectBeyondLog(reason: 'beyond-head' | 'below-floor'): Promise<void> {
	await office.machine.clock.advance(1_000);
	office.socket.events.opened();
	office.socket.welcome(office.machine.clock.now());
	await settled();
	office.socket.say('resync', { space, generation, reason });
	await settled();
	await settled();
}

describe('a discarded draft', () => {
	it('[R80] [2.3.4-a] is listed again when somebody goes on writing on it', async () => {
		const tab = await openTab();
		const id = await tab.drafts.create({ from, subject: 'a' });
		const draft = await openDraft(tab, id);
		await tab.drafts.discard(id);
		expect(tab.drafts.list()).toEqual([]);
		setSubject(draft.doc, 'b');
		await draft.save();
		expect(tab.drafts.list()).toMatchObject([{ id, subject: 'b' }]);
		await draft.close();
	});

	it('[R80] stays away when what was typed right before is saved with it', async () => {
		const tab = await openTab();
		await office.connect();
		const id = await tab.drafts.create({ from, subject: 'a' });
		const draft = await openDraft(tab, id);
		setSubject(draft.doc, 'b');
		await Promise.all([tab.drafts.discard(id), draft.close()]);
		expect(tab.drafts.list()).toEqual([]);
		await office.ackAll();
		expect(tab.drafts.list()).toEqual([]);
		expect(pushedFields()).toContain('deleted true');
		expect(pushedFields()).not.toContain('deleted false');
	});

	it('[R80] comes back where another device discarded it while this one wrote', async () => {
		const tab = await openTab();
		const id = await syncedDraft(tab);
		office.socket.closeWith(1006);
		await write(tab, id, 'written on the train');
		await office.machine.clock.advance(1_000);
		await office.connect();
		await office.tell(discardedElsewhere(id));
		expect(tab.drafts.list()).toMatchObject([{ id, subject: 'written on the train' }]);
		await office.ackAll();
		expect(pushedFields()).toContain('deleted false');
		expect(tab.drafts.list()).toMatchObject([{ id }]);
	});

	it('[R80] stays away where another device discarded it and nobody wrote', async () => {
		const tab = await openTab();
		const id = await syncedDraft(tab);
		await office.tell(discardedElsewhere(id));
		expect(tab.drafts.list()).toEqual([]);
		expect(tab.core.memory.pending.size).toBe(0);
	});

	/** Its text is typed here and taken by the server, which is cut off before anything of it is told. */
	async function typedUnheard(tab: OpenReplica, id: DocumentId): Promise<void> {
		await write(tab, id, 'b');
		await office.commitUnheard();
		await office.machine.clock.advance(1_000);
	}

	it('[R80] [R94] stays away where another device discarded it with what this one had written', async () => {
		const tab = await openTab();
		const id = await syncedDraft(tab);
		await typedUnheard(tab, id);
		await office.connect(discardedElsewhere(id));
		expect(tab.drafts.list()).toEqual([]);
		await office.ackAll();
		expect(tab.drafts.list()).toEqual([]);
		expect(pushedFields()).not.toContain('deleted false');
	});

	it('[R80] [R94] stays away also where that is heard later than the edit', async () => {
		const tab = await openTab();
		const id = await syncedDraft(tab);
		await typedUnheard(tab, id);
		await office.connect();
		await office.tell(discardedElsewhere(id));
		expect(tab.drafts.list()).toEqual([]);
		await office.ackAll();
		expect(tab.drafts.list()).toEqual([]);
	});

	it('[R80] [R94] stays away where this device discarded it, and its edit before comes back', async () => {
		const tab = await openTab();
		const id = await syncedDraft(tab);
		await write(tab, id, 'b');
		await office.commitUnheard();
		await tab.drafts.discard(id);
		await office.machine.clock.advance(1_000);
		await office.connect();
		await office.ackAll();
		expect(tab.drafts.list()).toEqual([]);
		expect(pushedFields()).not.toContain('deleted false');
	});

	it('[R80] [R94] comes back where the server took the edit after the discard', async () => {
		const tab = await openTab();
		const id = await syncedDraft(tab);
		await office.hearNot(discardedElsewhere(id));
		await typedUnheard(tab, id);
		await office.connect();
		expect(tab.drafts.list()).toMatchObject([{ id, subject: 'b' }]);
		await office.ackAll();
		expect(pushedFields()).toContain('deleted false');
	});

	it('[R80] [R94] comes back where more was written since than the server has', async () => {
		const tab = await openTab();
		const id = await syncedDraft(tab);
		await typedUnheard(tab, id);
		await write(tab, id, 'written on the train');
		await office.connect(discardedElsewhere(id));
		expect(tab.drafts.list()).toMatchObject([{ id, subject: 'written on the train' }]);
	});

	it('[R80] comes back where this device discarded it while another wrote', async () => {
		const tab = await openTab();
		const id = await syncedDraft(tab);
		office.socket.closeWith(1006);
		await tab.drafts.discard(id);
		expect(tab.drafts.list()).toEqual([]);
		await office.machine.clock.advance(1_000);
		await office.connect();
		const elsewhere = new Y.Doc();
		setSubject(elsewhere, 'b');
		await office.tell({ kind: 'text', document: id, update: Y.encodeStateAsUpdate(elsewhere) });
		await settled();
		expect(tab.drafts.list()).toMatchObject([{ id }]);
	});

	/** This device throws the draft away, and hears that it was brought back meanwhile: all that the server has of it. */
	async function backMeanwhile(tab: OpenReplica, id: DocumentId, words?: string): Promise<void> {
		const held = new Y.Doc();
		for (const update of await readDocument(tab.core, id)) Y.applyUpdate(held, update);
		if (words !== undefined) setSubject(held, words);
		office.socket.closeWith(1006);
		await tab.drafts.discard(id);
		await office.machine.clock.advance(1_000);
		await office.connect();
		await office.tellItself({ kind: 'text', document: id, update: Y.encodeStateAsUpdate(held) });
		await settled();
		await settled();
	}

	it('[R80] [S47] stays away where the server tells the whole of it, and this device knew all that', async () => {
		const tab = await openTab();
		const id = await syncedDraft(tab);
		await backMeanwhile(tab, id);
		expect(tab.drafts.list()).toEqual([]);
	});

	it('[R80] [S47] comes back where there is more in the whole of it than this device knew', async () => {
		const tab = await openTab();
		const id = await syncedDraft(tab);
		await backMeanwhile(tab, id, 'b');
		expect(tab.drafts.list()).toMatchObject([{ id }]);
	});

	/** The space is opened anew, and the opening tells nothing of any draft. */
	async function openAnew(): Promise<void> {
		office.opening = opening({ cursor: { generation, seq: 90 } });
		await reconnectBeyondLog('beyond-head');
		office.socket.say('entries', { space, generation, entries: [], seq: 90, head: 90 });
		await settled();
	}

	it('[R96] is said to be there where this device wrote on it and the opening tells nothing of it', async () => {
		const tab = await openTab();
		const id = await syncedDraft(tab);
		office.socket.closeWith(1006);
		await write(tab, id, 'b');
		await openAnew();
		expect(pushedFields()).toContain('deleted false');
	});

	it('[R96] is not where this device threw it away itself', async () => {
		const tab = await openTab();
		const id = await syncedDraft(tab);
		office.socket.closeWith(1006);
		await write(tab, id, 'b');
		await tab.drafts.discard(id);
		await openAnew();
		expect(pushedFields()).toContain('deleted true');
		expect(pushedFields()).not.toContain('deleted false');
		expect(tab.drafts.list()).toEqual([]);
	});

	const ways = ['an opening', 'an opening since where this device stands'] as const;

	/** The log reaches back no more, and what somebody wrote elsewhere is in the opening that comes in its place. */
	async function comeBy(way: (typeof ways)[number], id: DocumentId, writer: number): Promise<void> {
		const elsewhere = new Y.Doc();
		elsewhere.clientID = writer;
		setSubject(elsewhere, 'b');
		const savedAt = { field: 'savedAt', value: 1, stamp: stamp(1, 0, 'other') };
		office.opening = {
			...office.opening,
			documents: [{ document: id, state: Y.encodeStateAsUpdate(elsewhere) }],
			registers: [{ subject: `draft:${id}`, ...savedAt }]
		};
		if (way !== 'an opening') office.openingSince = { ...office.opening, cursor: { generation, seq: 90 } };
		await reconnectBeyondLog('below-floor');
	}

	it.each(ways)('[R80] comes back where what another wrote comes by %s', async (way) => {
		const tab = await openTab();
		const id = await syncedDraft(tab);
		office.socket.closeWith(1006);
		await tab.drafts.discard(id);
		await comeBy(way, id, 8);
		expect(tab.drafts.list()).toMatchObject([{ id }]);
	});

	it.each(ways)('[R80] stays away where %s brings what was known', async (way) => {
		const tab = await openTab();
		const id = await syncedDraft(tab);
		const elsewhere = new Y.Doc();
		elsewhere.clientID = 7;
		setSubject(elsewhere, 'b');
		await office.tell({ kind: 'text', document: id, update: Y.encodeStateAsUpdate(elsewhere) });
		office.socket.closeWith(1006);
		await tab.drafts.discard(id);
		await comeBy(way, id, 7);
		expect(tab.drafts.list()).toEqual([]);
	});

	/** The log no longer reaches back to where this device stands: what changed since is told. */
	async function catchUp(id: DocumentId, state: Uint8Array<ArrayBuffer>): Promise<void> {
		office.openingSince = opening({
			cursor: { generation, seq: 40 },
			documents: [{ document: id, state }]
		});
		await reconnectBeyondLog('below-floor');
	}

	it('[R80] [R83] comes back where what another wrote comes below the log’s floor', async () => {
		const tab = await openTab();
		const id = await syncedDraft(tab);
		office.socket.closeWith(1006);
		await tab.drafts.discard(id);
		const elsewhere = new Y.Doc();
		setSubject(elsewhere, 'b');
		await catchUp(id, new Uint8Array(Y.encodeStateAsUpdate(elsewhere)));
		expect(tab.core.memory.head?.cursor.seq).toBe(40);
		expect(tab.drafts.list()).toMatchObject([{ id }]);
	});

	it('[R80] [R83] stays away where that is what this device wrote before, whose ack never came', async () => {
		const tab = await openTab();
		const id = await syncedDraft(tab);
		const draft = await openDraft(tab, id);
		setSubject(draft.doc, 'b');
		await draft.save();
		await settled();
		const state = new Uint8Array(Y.encodeStateAsUpdate(draft.doc));
		await draft.close();
		office.socket.closeWith(1006);
		await tab.drafts.discard(id);
		await catchUp(id, state);
		expect(tab.core.memory.head?.cursor.seq).toBe(40);
		expect(tab.drafts.list()).toEqual([]);
	});
});
