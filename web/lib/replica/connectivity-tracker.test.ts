import { afterEach, describe, expect, it } from 'vitest';
import type { CommandFrame, PushFrame } from '#schema/protocol/messages.ts';
import { StorageError } from './storage/failure.ts';
import { arrived } from './trial/letters.ts';
import { settled } from './trial/manual-clock.ts';
import { Office, space } from './trial/office.ts';

let office = new Office();

afterEach(() => {
	office.close();
});

async function openTab() {
	office = new Office();
	return office.openTab();
}

describe('connectivity', () => {
	it('[R45] is offline, then syncing, then synced', async () => {
		const { connectivity, replica } = await openTab();
		expect(connectivity.state()).toEqual({ kind: 'offline', pending: 0, lastSync: null });
		await office.connect();
		await office.tell(arrived(0));
		expect(connectivity.state()).toEqual({ kind: 'synced', lastSync: office.machine.clock.now() });
		await replica.writeMessages([0], '$seen', true);
		expect(connectivity.state()).toEqual({ kind: 'syncing', remaining: 1 });
		await office.ackAll();
		expect(connectivity.state().kind).toBe('synced');
		office.socket.closeWith(1006);
		expect(connectivity.state()).toMatchObject({ kind: 'offline', lastSync: office.machine.clock.now() });
	});

	it('[R88] tells in every tab that the first attempt to connect is under way, until it has failed', async () => {
		const { connectivity } = await openTab();
		const second = await office.openTab();
		const servers = () => [connectivity, second.connectivity].map((each) => each.server());
		const beginning = { kind: 'offline', lastSync: null, isBeginning: true };
		expect(servers()).toEqual([beginning, beginning]);
		office.socket.closeWith(1006);
		await settled();
		const offline = { kind: 'offline', lastSync: null };
		expect(servers()).toEqual([offline, offline]);
		await office.machine.clock.advance(1_000);
		expect(office.machine.sockets.all).toHaveLength(2);
		expect(servers()).toEqual([offline, offline]);
	});

	it('[R81] says that the server has no room, keeps what waits, and hands it over when there is', async () => {
		const { connectivity, replica, core } = await openTab();
		await office.connect();
		await office.tell(arrived(0));
		await replica.writeMessages([0], '$seen', true);
		await settled();
		const [pushed] = office.socket.sent('push') as PushFrame[];
		office.socket.say('refused', { batch: pushed?.batch, space, code: 'storage-full', keys: [] });
		await settled();
		expect(connectivity.state()).toEqual({ kind: 'server-full', pending: 1 });
		expect(core.memory.pending.size).toBe(1);
		await office.machine.clock.advance(5_000);
		expect(office.socket.sent('push')).toHaveLength(2);
		await office.ackAll();
		expect(connectivity.state().kind).toBe('synced');
		expect(core.memory.pending.size).toBe(0);
	});

	it('[R45] counts what a person did, not the rows it is kept in', async () => {
		const { connectivity, drafts, outbox } = await openTab();
		const to = [{ name: '', address: 'to@outside.example' }];
		const id = await drafts.create({ from: { name: '', address: 'me@hongyan.example' }, to, subject: 'New' });
		expect(connectivity.state()).toMatchObject({ kind: 'offline', pending: 1 });
		expect(connectivity.pending()).toMatchObject([{ kind: 'draft', document: id }]);
		const sent = await drafts.send(id);
		expect(connectivity.state()).toMatchObject({ pending: 1 });
		expect(connectivity.pending()).toEqual([]);
		if (sent.kind === 'queued') await outbox.cancel(sent.submission);
		expect(connectivity.state()).toMatchObject({ pending: 1 });
		expect(connectivity.pending()).toMatchObject([{ kind: 'draft', document: id }]);
	});

	it('[R45] is synced only when the draft of a letter that is with the server is there too', async () => {
		const { connectivity, drafts } = await openTab();
		const from = { name: '', address: 'me@hongyan.example' };
		const to = { name: '', address: 'to@outside.example' };
		await drafts.send(await drafts.create({ from, to: [to], subject: 'New' }));
		await office.connect();
		const [command] = office.socket.sent('command') as CommandFrame[];
		const releaseAt = office.machine.clock.now() + 10_000;
		office.socket.say('answer', { id: command?.id, result: { kind: 'submitted', releaseAt } });
		await settled();
		expect(connectivity.pending()).toEqual([]);
		expect(connectivity.state().kind).toBe('syncing');
		await office.ackAll();
		expect(connectivity.state().kind).toBe('synced');
	});

	it('[R16] asks for attention where the server refused, until it is dismissed', async () => {
		const { connectivity, replica } = await openTab();
		await office.connect();
		await office.tell(arrived(0));
		await replica.writeMessages([0], '$seen', true);
		await settled();
		const [push] = office.socket.sent('push') as PushFrame[];
		office.socket.say('refused', { batch: push?.batch, space, code: 'not-permitted', keys: [1] });
		await settled();
		expect(connectivity.state()).toEqual({ kind: 'attention', count: 1 });
		const [refusal] = connectivity.refusals();
		expect(refusal).toMatchObject({
			code: 'not-permitted',
			about: { kind: 'messages', count: 1, field: '$seen' }
		});
		await connectivity.dismiss(refusal?.key ?? -1);
		expect(connectivity.state().kind).toBe('synced');
	});

	it('[R45] says that the server is gone also while a refusal or a full disk is more pressing, in every tab', async () => {
		const { connectivity, replica, core } = await openTab();
		await office.connect();
		const second = await office.openTab();
		await office.tell(arrived(0));
		await replica.writeMessages([0], '$seen', true);
		await settled();
		const [push] = office.socket.sent('push') as PushFrame[];
		office.socket.say('refused', { batch: push?.batch, space, code: 'not-permitted', keys: [1] });
		await settled();
		const tabs = [connectivity, second.connectivity];
		const servers = () => tabs.map((tab) => tab.server().kind);
		expect(servers()).toEqual(['online', 'online']);
		let calls = 0;
		connectivity.subscribe(() => (calls += 1));
		office.socket.closeWith(1006);
		await settled();
		expect(tabs.map((tab) => tab.state().kind)).toEqual(['attention', 'attention']);
		expect(servers()).toEqual(['offline', 'offline']);
		expect(connectivity.server().lastSync).toBe(office.machine.clock.now());
		expect(calls).toBe(1);
		core.fullness.tell(true);
		expect([connectivity.state().kind, connectivity.server().kind]).toEqual(['storage-full', 'offline']);
		void connectivity.retry();
		await office.connect();
		expect(servers()).toEqual(['online', 'online']);
	});

	it('[R24] says that the session ended, with what waits', async () => {
		const { connectivity, replica } = await openTab();
		await office.connect();
		await office.tell(arrived(0));
		await office.ackAll();
		office.socket.closeWith(4401);
		await replica.writeMessages([0], '$seen', true);
		expect(connectivity.state()).toEqual({ kind: 'signed-out', pending: 1 });
		expect(connectivity.server().kind).toBe('signed-out');
		void connectivity.retry();
		await office.connect();
		await settled();
		await office.ackAll();
		expect(connectivity.state().kind).toBe('synced');
	});

	it('[R40] puts a full disk before everything, until there is room again', async () => {
		const { connectivity, core } = await openTab();
		await office.connect();
		core.fullness.tell(true);
		expect(connectivity.state()).toEqual({ kind: 'storage-full' });
		core.fullness.tell(false);
		expect(connectivity.state().kind).toBe('synced');
	});

	it('[R41] says that what the device holds can’t be read', async () => {
		const { connectivity, core } = await openTab();
		core.faults.tell(new StorageError('broken'));
		expect(connectivity.state()).toEqual({ kind: 'storage-broken' });
	});

	it('[R45] calls back when the state changed, and only then', async () => {
		const { connectivity, core } = await openTab();
		await office.connect();
		let calls = 0;
		connectivity.subscribe(() => (calls += 1));
		core.notices.tell({ kind: 'pending' });
		core.notices.tell({ kind: 'backfill' });
		expect(calls).toBe(0);
		core.fullness.tell(true);
		expect(calls).toBe(1);
	});
});
