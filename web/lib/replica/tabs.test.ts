import { afterEach, describe, expect, it } from 'vitest';
import type { PushFrame } from '#schema/protocol/messages.ts';
import { keywordBit } from './state/column-block.ts';
import { arrived } from './trial/letters.ts';
import { Machine } from './trial/machine.ts';
import { settled } from './trial/manual-clock.ts';
import { Office } from './trial/office.ts';
import type { OpenReplica } from './open-replica.ts';

let office = new Office();

afterEach(() => {
	office.close();
});

async function openOffice(machine = new Machine()): Promise<Office> {
	office = new Office(machine);
	await office.openTab();
	await office.connect();
	return office;
}

const isSeen = (tab: OpenReplica | undefined, arrival: number) =>
	((tab?.core.memory.columns.row(arrival)?.flags ?? 0) & keywordBit('$seen')) !== 0;

describe('tabs', () => {
	it('[R42] let one hold the connection, and another take over when it goes', async () => {
		const { machine, tabs } = await openOffice();
		const second = await office.openTab();
		expect(machine.sockets.all).toHaveLength(1);
		expect(tabs.map(({ connectivity }) => connectivity.leads())).toEqual([true, false]);
		await office.tell(arrived(0));
		await second.replica.writeMessages([0], '$seen', true);
		tabs.shift()?.close();
		await settled();
		expect(machine.sockets.all).toHaveLength(2);
		await office.connect();
		expect(second.connectivity.leads()).toBe(true);
		const pushes = office.socket.sent('push') as PushFrame[];
		expect(pushes.flatMap(({ changes }) => changes)).toHaveLength(1);
	});

	it('[R43] show in one what arrived in the other', async () => {
		await openOffice();
		const second = await office.openTab();
		await office.tell(arrived(0), arrived(1));
		expect(second.core.memory.columns.row(1)).toBeDefined();
		expect(second.core.memory.head).toEqual(office.tabs[0]?.core.memory.head);
	});

	it('[R43] write by themselves, and show each other’s writes', async () => {
		await openOffice();
		const [first, second] = [office.tabs[0], await office.openTab()];
		await office.tell(arrived(0), arrived(1));
		await second.replica.writeMessages([0], '$seen', true);
		await settled();
		expect(isSeen(first, 0)).toBe(true);
		await first?.replica.writeMessages([1], '$seen', true);
		await settled();
		expect(isSeen(second, 1)).toBe(true);
		await office.ackAll();
		expect([first?.core.memory.pending.size, second.core.memory.pending.size]).toEqual([0, 0]);
		expect([isSeen(first, 0), isSeen(second, 0)]).toEqual([true, true]);
	});

	it('[R43] read everything again where one missed a notice', async () => {
		await openOffice();
		const second = await office.openTab();
		await office.tell(arrived(0));
		const { head } = second.core.memory;
		if (head !== undefined) second.core.memory.head = { ...head, revision: head.revision - 1 };
		await office.tell(arrived(1));
		expect(second.core.memory.head).toEqual(office.tabs[0]?.core.memory.head);
		expect(second.core.memory.columns.row(1)).toBeDefined();
	});

	it('[R44] without Web Locks all lead, and a change goes once', async () => {
		await openOffice(new Machine({ hasLocks: false }));
		const [firstSocket] = office.machine.sockets.all;
		const second = await office.openTab();
		await office.connect();
		expect(office.tabs.map(({ connectivity }) => connectivity.leads())).toEqual([true, true]);
		await office.tell(arrived(0));
		await second.replica.writeMessages([0], '$seen', true);
		await settled();
		const batches = [firstSocket, office.socket].flatMap((socket) => socket?.sent('push') as PushFrame[]);
		expect(new Set(batches.map(({ batch }) => batch)).size).toBe(1);
		await office.ackAll();
		expect(office.tabs.map(({ core }) => core.memory.pending.size)).toEqual([0, 0]);
	});

	it('[R45] tell a tab that follows how things stand', async () => {
		await openOffice();
		const second = await office.openTab();
		expect(second.connectivity.state().kind).toBe('synced');
		office.socket.closeWith(1006);
		await settled();
		expect(second.connectivity.state().kind).toBe('offline');
		const attempts = office.machine.sockets.all.length;
		void second.connectivity.retry();
		await settled();
		expect(office.machine.sockets.all.length).toBe(attempts + 1);
	});

	it('[R79] ask the server over the connection that stands, and say whether it answered', async () => {
		await openOffice();
		const [first, second] = [office.tabs[0], await office.openTab()];
		const told: unknown[] = [];
		for (const tab of [first, second])
			void tab?.connectivity.retry().then((isAnswered) => told.push(isAnswered));
		await settled();
		expect(office.socket.sent('ping')).toHaveLength(2);
		expect(told).toEqual([]);
		office.socket.say('pong', {});
		await settled();
		expect(told).toEqual([true, true]);

		for (const tab of [first, second])
			void tab?.connectivity.retry().then((isAnswered) => told.push(isAnswered));
		await office.machine.clock.advance(5_000);
		expect(told).toEqual([true, true, false, false]);
		expect(second.connectivity.server().kind).toBe('offline');
		// A connection that is made anew answers when all it had told is here.
		void second.connectivity.retry().then((isAnswered) => told.push(isAnswered));
		await settled();
		await office.connect();
		expect(told.slice(4)).toEqual([true]);
	});

	it('[R79] ask the server when the network went or came, and try at once when it came', async () => {
		await openOffice();
		const { machine } = office;
		const pings = () => office.socket.sent('ping').length;
		const before = pings();
		machine.networkGone();
		expect(pings()).toBe(before + 1);
		machine.networkBack();
		expect(pings()).toBe(before + 2);

		office.socket.closeWith(1006);
		await settled();
		const attempts = machine.sockets.all.length;
		machine.networkGone();
		expect(machine.sockets.all.length).toBe(attempts);
		machine.networkBack();
		expect(machine.sockets.all.length).toBe(attempts + 1);
	});
});
