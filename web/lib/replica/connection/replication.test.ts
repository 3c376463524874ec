import { afterEach, describe, expect, it } from 'vitest';
import type { FollowFrame, PushFrame } from '#schema/protocol/messages.ts';
import { arrived, generation, message, opening } from '../trial/letters.ts';
import { settled } from '../trial/manual-clock.ts';
import { Office, space } from '../trial/office.ts';
import { StorageError } from '../storage/failure.ts';
import { openMemoryStorage } from '../storage/memory.ts';
import type { ReplicaStorage } from '../storage/storage.ts';
import type { ChangedPack, Pack } from '#schema/space/entry.ts';

let office: Office | undefined;

function openOffice(): Office {
	office = new Office();
	return office;
}

afterEach(() => {
	office?.close();
	office = undefined;
});

function packOf(from: number, to: number): Pack {
	const messages = Array.from({ length: to - from }, (_, index) => message(from + index));
	return { cursor: { generation, seq: 0 }, from, to, messages, registers: [] };
}

describe('replication', () => {
	it('[R23] opens a new replica, follows from there, and downloads newest first', async () => {
		const own = openOffice();
		own.opening = opening({ arrivals: 1200 });
		own.packs.set(1200, packOf(700, 1200)).set(700, packOf(200, 700)).set(200, packOf(0, 200));
		const tab = await own.openTab();
		await own.connect();
		await own.machine.clock.advance(0);
		const packs = own.machine.requests.filter((request) => request.includes('/packs'));
		expect(packs.map((request) => /before=\d+/.exec(request)?.[0])).toEqual([
			'before=1200',
			'before=700',
			'before=200'
		]);
		expect(own.socket.sent('follow')).toEqual([
			{ space, cursor: { generation, seq: 0 } } satisfies FollowFrame
		]);
		expect(tab.core.memory.backfill?.missing).toEqual([]);
		expect(tab.core.memory.columns.row(0)).toBeDefined();
	});

	it('[R23] goes on downloading where it stopped, in the next life too', async () => {
		const first = openOffice();
		first.opening = opening({ arrivals: 1200 });
		first.packs.set(1200, packOf(700, 1200));
		await first.openTab();
		await first.connect();
		await first.machine.clock.advance(0);
		for (const tab of first.tabs.splice(0)) tab.close();
		first.packs.clear();
		first.packs.set(700, packOf(200, 700)).set(200, packOf(0, 200));
		const tab = await first.openTab();
		expect(tab.core.memory.backfill?.missing).toEqual([0, 700]);
		await first.connect();
		await first.machine.clock.advance(0);
		expect(tab.core.memory.backfill?.missing).toEqual([]);
		expect(first.machine.requests.filter((request) => request.endsWith('/opening'))).toHaveLength(1);
	});

	it('[R3] follows anew from its cursor when entries do not follow on it', async () => {
		const own = openOffice();
		const tab = await own.openTab();
		await own.connect();
		await own.tell(arrived(0));
		const entry = { seq: 5, at: 0, device: null, origin: 'peer', changes: [arrived(4)] };
		own.socket.say('entries', { space, generation, entries: [entry], seq: 5, head: 5 });
		await settled();
		expect(own.socket.sent('follow').at(-1)).toEqual({ space, cursor: { generation, seq: 1 } });
		expect(tab.core.memory.columns.row(4)).toBeUndefined();
	});

	it('[R5] opens the space anew when the server says so, and tells what it could not keep', async () => {
		const own = openOffice();
		const tab = await own.openTab();
		await own.connect();
		await own.tell(arrived(0));
		await tab.replica.writeMessages([0], '$seen', true);
		own.opening = opening({ cursor: { generation: 'generation-2', seq: 40 } });
		own.socket.say('resync', { space, reason: 'generation' });
		await settled();
		expect(tab.core.memory.head?.cursor).toEqual({ generation: 'generation-2', seq: 40 });
		expect(own.socket.sent('follow').at(-1)).toEqual({
			space,
			cursor: { generation: 'generation-2', seq: 40 }
		});
		expect(tab.core.memory.pending.size).toBe(0);
		expect(tab.connectivity.refusals()).toMatchObject([{ code: 'stale-generation' }]);
		expect(tab.connectivity.state()).toEqual({ kind: 'attention', count: 1 });
	});

	describe('below the log’s floor', () => {
		const target = { generation, seq: 40 };
		const changed = (from: number, to: number, over: Partial<ChangedPack> = {}): ChangedPack => ({
			...{ cursor: { generation, seq: 41 }, from, to },
			...{ arrived: [], threads: [], registers: [], withdrawn: [] },
			...over
		});
		/** A replica that holds a message, with something pending, and is told that the log begins later. */
		async function below(own: Office, storage?: ReplicaStorage) {
			const tab = await own.openTab(storage);
			await own.connect();
			await own.tell(arrived(0));
			own.socket.closeWith(1006);
			await tab.replica.writeMessages([0], '$seen', true);
			await own.machine.clock.advance(1_000);
			await again(own);
			return tab;
		}
		async function again(own: Office) {
			own.socket.events.opened();
			own.socket.welcome(own.machine.clock.now());
			await settled();
			own.socket.say('resync', { space, reason: 'below-floor' });
			await settled();
		}
		const asked = (own: Office) => own.machine.requests.filter((request) => request.includes('since='));

		it('[R83] takes what changed since its cursor and follows from the head it was told', async () => {
			const own = openOffice();
			own.openingSince = opening({ cursor: target, arrivals: 1500 });
			const came = { arrived: [message(1499)], threads: [[1499, 1499]] } as const;
			own.changedPacks.set(1500, changed(700, 1500, came)).set(700, changed(0, 700));
			const tab = await below(own);
			expect(asked(own).map((request) => request.replace(/^.*\//, ''))).toEqual([
				'opening?since=1',
				'packs?since=1&before=1500&count=1000',
				'packs?since=1&before=700&count=1000'
			]);
			expect(own.socket.sent('follow').at(-1)).toEqual({ space, cursor: target });
			expect(tab.core.memory.columns.row(1499)).toBeDefined();
			expect(tab.core.memory.columns.row(0)).toBeDefined();
			expect(tab.core.memory.pending.size).toBe(1);
			expect(own.machine.requests.filter((request) => request.endsWith('/opening'))).toHaveLength(1);
			own.socket.say('entries', { space, generation, entries: [], seq: 40, head: 40 });
			await settled();
			expect(own.socket.sent('push')).toHaveLength(1);
		});

		it('[R84] goes on where it stopped, over a server that does not answer and another connection', async () => {
			const own = openOffice();
			own.openingSince = opening({ cursor: target, arrivals: 1500 });
			own.changedPacks.set(1500, changed(700, 1500)).set(700, 'offline');
			const tab = await below(own);
			expect(tab.core.memory.head?.cursor.seq).toBe(1);
			await own.machine.clock.advance(5_000);
			own.socket.closeWith(1006);
			await own.machine.clock.advance(5_000);
			own.changedPacks.set(700, changed(0, 700));
			await again(own);
			expect(tab.core.memory.head?.cursor).toEqual(target);
			const requests = asked(own).join('\n');
			expect(requests.match(/opening/g)).toHaveLength(1);
			expect(requests.match(/before=1500/g)).toHaveLength(1);
			expect(own.socket.sent('follow').at(-1)).toEqual({ space, cursor: target });
		});

		it('[R19] [R83] hands over what is pending at once where what changed can’t be kept, and goes on later', async () => {
			const own = openOffice();
			own.openingSince = opening({ cursor: target, arrivals: 1500 });
			own.changedPacks.set(1500, changed(0, 1500));
			const storage = openMemoryStorage(own.disk);
			let hasRoom = false;
			const tab = await below(own, {
				...storage,
				write(stores, durability, run) {
					const isAsked = asked(own).length > 0 && stores.some((store) => store === 'columns');
					return isAsked && !hasRoom
						? Promise.reject(new StorageError('full'))
						: storage.write(stores, durability, run);
				}
			});
			expect(tab.core.memory.head?.cursor.seq).toBe(1);
			expect((own.socket.sent('push')[0] as PushFrame).changes).toHaveLength(1);
			hasRoom = true;
			await own.machine.clock.advance(5_000);
			expect(own.socket.sent('follow').at(-1)).toEqual({ space, cursor: target });
		});

		it('[R19] [R5] does so too where the opening can’t be kept', async () => {
			const own = openOffice();
			const storage = openMemoryStorage(own.disk);
			const openings = () => own.machine.requests.filter((request) => request.endsWith('/opening')).length;
			let hasRoom = false;
			const tab = await below(own, {
				...storage,
				write: (stores, durability, run) =>
					openings() > 1 && !hasRoom && stores.some((store) => store === 'columns')
						? Promise.reject(new StorageError('full'))
						: storage.write(stores, durability, run)
			});
			expect(tab.core.memory.head?.cursor.seq).toBe(1);
			expect((own.socket.sent('push')[0] as PushFrame).changes).toHaveLength(1);
			hasRoom = true;
			await own.machine.clock.advance(5_000);
			expect(own.socket.sent('follow').at(-1)).toEqual({ space, cursor: { generation, seq: 0 } });
		});

		it('[R83] opens the space anew where the server can’t tell, or it is another history by now', async () => {
			const ended = changed(0, 1500, { cursor: { generation: 'generation-2', seq: 1 } });
			for (const pack of [undefined, ended]) {
				const own = openOffice();
				own.openingSince = opening({ cursor: target, arrivals: 1500 });
				if (pack !== undefined) own.changedPacks.set(1500, pack);
				const tab = await below(own);
				expect(own.machine.requests.filter((request) => request.endsWith('/opening'))).toHaveLength(2);
				expect(own.socket.sent('follow').at(-1)).toEqual({ space, cursor: { generation, seq: 0 } });
				expect(tab.core.memory.pending.size).toBe(1);
				own.close();
			}
		});
	});

	it('[R19] hands over what is pending once it is level with the log', async () => {
		const own = openOffice();
		const tab = await own.openTab();
		await own.connect();
		await own.tell(arrived(0));
		own.socket.closeWith(1006);
		await tab.replica.writeMessages([0], '$seen', true);
		await own.machine.clock.advance(1_000);
		own.socket.events.opened();
		own.socket.welcome(own.machine.clock.now());
		await settled();
		own.socket.say('entries', { space, generation, entries: [], seq: 1, head: 3 });
		await settled();
		expect(own.socket.sent('push')).toEqual([]);
		await own.tell(arrived(1), arrived(2));
		expect((own.socket.sent('push')[0] as PushFrame).changes).toHaveLength(1);
	});

	it('[R25] hands over what is pending to a server of another version, and nothing else', async () => {
		const own = openOffice();
		const tab = await own.openTab();
		await own.connect();
		await own.tell(arrived(0));
		own.socket.closeWith(1006);
		await tab.replica.writeMessages([0], '$seen', true);
		await tab.outbox.purge([0]);
		await own.machine.clock.advance(1_000);
		own.socket.events.opened();
		own.socket.welcome(own.machine.clock.now(), { version: 0 });
		await settled();
		expect(own.socket.kinds).toEqual(['hello', 'push']);
		expect(tab.connectivity.state()).toMatchObject({ kind: 'outdated', pending: 2 });
	});

	it('[R20] hears only of its own space', async () => {
		const own = openOffice();
		const tab = await own.openTab();
		await own.connect();
		own.socket.say('resync', { space: 'other', reason: 'generation' });
		await settled();
		expect(tab.core.memory.head?.cursor.seq).toBe(0);
		expect(own.socket.sent('follow')).toHaveLength(1);
	});
});
