import 'fake-indexeddb/auto';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { setSubject } from '#schema/docs/draft.ts';
import type { DeviceId, SpaceId } from '#schema/ids.ts';
import { li as from, profileOfLi as profile } from '#schema/trial/people.ts';
import { indexedDbDatabases, type Databases } from '#lib/replica/storage/databases.ts';
import type { ReplicaStorage } from '#lib/replica/storage/storage.ts';
import { countedBytes } from '#lib/replica/trial/bench.ts';
import { opening, stamp } from '#lib/replica/trial/letters.ts';
import { Machine } from '#lib/replica/trial/machine.ts';
import { openDeviceDatabase } from './device-database.ts';
import { KeptAccount } from './kept-account.ts';
import type { Session } from './session.ts';
import { createSessions } from './sessions.ts';

const space = 'space-of-li' as SpaceId;

/** The tabs of a device: what they keep together, and a way to open its database in one of them. */
function openDevice() {
	const machine = new Machine();
	const { locks, kept: texts } = machine.environment();
	const kept = new KeptAccount(texts);
	const random = countedBytes();
	const open = (databases: Databases = indexedDbDatabases, lost: (why: string) => void = () => undefined) =>
		openDeviceDatabase({ databases, kept, random, locks, lost }, space);
	return { kept, open };
}

/** Writes a pending change, as a tab does for a person; answers what became of it. */
async function write(storage: ReplicaStorage, key: number): Promise<'committed' | 'refused'> {
	try {
		await storage.write(['pending', 'clock'], 'strict', async (transaction) => {
			const last = { time: 0, counter: 0 };
			transaction.put('clock', 'clock', { device: 'device' as DeviceId, last, nextKey: key + 1 });
			transaction.put('pending', key, {
				...{ kind: 'registers', key, target: { kind: 'subject', subject: 'settings' } },
				...{ field: `field-${key}`, value: key, stamp: stamp(key), seen: last }
			});
			await Promise.resolve();
		});
		return 'committed';
	} catch {
		return 'refused';
	}
}

async function keysIn(storage: ReplicaStorage): Promise<number[]> {
	const rows = await storage.read(['pending'], (transaction) => transaction.getAll('pending'));
	return rows.map(({ key }) => key);
}

describe('a database that is rebuilt while another tab holds it', () => {
	it('[R95] has what the other tab could write, and refuses the other tab everything else', async () => {
		const { kept, open } = openDevice();
		const told: string[] = [];
		const other = await open(indexedDbDatabases, (why) => told.push(why));
		const broken = kept.database;
		kept.noteRepair(true);
		const outcomes = new Map([[1, await write(other, 1)]]);
		const underWay = write(other, 2);
		/** The other tab writes at every step of the rebuilding. */
		const databases = Object.fromEntries(
			Object.entries(indexedDbDatabases).map(([name, run]) => [
				name,
				async (...given: [string, () => void]) => {
					const key = outcomes.size + 2;
					outcomes.set(key, await write(other, key));
					return (run as (...all: unknown[]) => unknown)(...given);
				}
			])
		) as unknown as Databases;
		const rebuilt = await open(databases);
		outcomes.set(2, await underWay);
		expect(kept.database).not.toBe(broken);
		const committed = [...outcomes].flatMap(([key, outcome]) => (outcome === 'committed' ? [key] : []));
		expect(committed).toContain(2);
		expect(await keysIn(rebuilt)).toEqual(committed.sort());
		expect([...outcomes.values()]).toContain('refused');
		expect(told).toEqual(['taken']);
		rebuilt.close();
	});

	it('[R95] is opened by no other tab until it is rebuilt, also where that was cut off', async () => {
		const { kept, open } = openDevice();
		const first = await open();
		expect(await write(first, 1)).toBe('committed');
		first.close();
		const cut = { ...indexedDbDatabases, open: () => Promise.reject(new Error('the tab was closed')) };
		kept.noteRepair(true);
		await expect(open(cut)).rejects.toThrow('the tab was closed');
		kept.noteRepair(false);
		const next = await open();
		expect(await keysIn(next)).toEqual([1]);
		next.close();
	});
});

describe('a tab whose database another one rebuilds', () => {
	const sessions: Session<{ close(): void }>[] = [];

	afterEach(async () => {
		for (const session of sessions.splice(0)) await session.signOut();
	});

	function openTab(machine: Machine) {
		const openMail = () => Promise.resolve({ close: () => undefined });
		return createSessions({
			environment: machine.environment(),
			databases: indexedDbDatabases,
			openMail
		});
	}

	it('[R95] [R46] starts anew at once, and what it could not save is in its draft then', async () => {
		const machine = new Machine();
		const account = { profile, account: 'li', space };
		machine.answer = (request) =>
			request === 'POST /api/session'
				? { status: 200, body: account, headers: { 'content-type': 'application/json' } }
				: request.endsWith('/opening')
					? { status: 200, body: opening() }
					: { status: 404 };
		const outcome = await openTab(machine).signIn({
			...{ address: profile.address, password: 'right', publicComputer: false }
		});
		if (outcome.kind !== 'signed-in') throw new Error(outcome.code);
		const { drafts } = outcome.session;
		await outcome.session.loaded;
		const id = await drafts.create({ from, subject: 'Before' });
		const draft = await drafts.open(id);
		if (draft === undefined) throw new Error('no draft');
		// Another tab found the database broken, and has just started anew for it.
		machine.kept.set('hongyan.repair', '1');
		machine.kept.set('hongyan.restarted', String(machine.clock.now()));
		const resumed = await openTab(machine).resume();
		if (resumed === null) throw new Error('nobody is signed in');
		sessions.push(resumed);
		await resumed.loaded;
		expect(machine.restarts).toBe(1);
		setSubject(draft.doc, 'After');
		expect(await draft.save()).toBe(false);
		await draft.close();
		machine.hide();
		const anew = await openTab(machine).resume();
		if (anew === null) throw new Error('nobody is signed in');
		sessions.push(anew);
		await anew.loaded;
		await vi.waitFor(() => expect(anew.drafts.row(id)?.subject).toBe('After'));
	});
});
