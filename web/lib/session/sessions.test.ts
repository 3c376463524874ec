import { afterEach, describe, expect, it } from 'vitest';
import { setSubject } from '#schema/docs/draft.ts';
import { li as from, profileOfLi as profile } from '#schema/trial/people.ts';
import { memoryDatabases, type Databases } from '#lib/replica/storage/databases.ts';
import { StorageError } from '#lib/replica/storage/failure.ts';
import type { ReplicaStorage } from '#lib/replica/storage/storage.ts';
import type { StoreName } from '#lib/replica/storage/stores.ts';
import { opening } from '#lib/replica/trial/letters.ts';
import { Machine, type Answer } from '#lib/replica/trial/machine.ts';
import { settled } from '#lib/replica/trial/manual-clock.ts';
import type { Session } from './session.ts';
import { createSessions } from './sessions.ts';

const account = { profile, account: 'li', space: 'space-of-li' };
const json = { 'content-type': 'application/json' };
const right = { address: profile.address, password: 'right', publicComputer: false };

interface Mail {
	close(): void;
}

/** A device: its machine, its databases, and tabs that come and go. */
function openDevice() {
	const machine = new Machine();
	const databases = memoryDatabases();
	const names: string[] = [];
	const state = {
		isOnline: true,
		isFull: false,
		broken: {} as Partial<Record<string, StoreName>>,
		password: 'right'
	};
	machine.answer = (request, init): Answer => {
		if (!state.isOnline) return 'offline';
		if (request === 'POST /api/session') {
			const { password } = JSON.parse(typeof init?.body === 'string' ? init.body : '{}') as {
				password: string;
			};
			if (password === 'slow') return { status: 429, headers: { 'retry-after': '30' } };
			return password === state.password ? { status: 200, body: account, headers: json } : { status: 401 };
		}
		if (request === 'DELETE /api/session') return { status: 204 };
		if (request.endsWith('/opening')) return { status: 200, body: opening() };
		return { status: 404 };
	};
	const open: Databases['open'] = async (name, lost) => {
		if (!names.includes(name)) names.push(name);
		return breaking(
			await databases.open(name, lost),
			() => state.broken[name],
			() => state.isFull
		);
	};
	const watched: Databases = {
		open,
		take: (name) => open(name, () => undefined),
		async delete(name) {
			names.splice(names.indexOf(name), 1);
			await databases.delete(name);
		}
	};
	const openTab = () =>
		createSessions<Mail>({
			environment: machine.environment(),
			databases: watched,
			openMail: () => Promise.resolve({ close: () => undefined })
		});
	return { machine, state, names, openTab };
}

/** Storage of which one store can't be read, or which has no room. */
function breaking(
	storage: ReplicaStorage,
	broken: () => StoreName | undefined,
	isFull: () => boolean
): ReplicaStorage {
	return {
		...storage,
		read: (stores, run) => {
			const store = broken();
			if (store !== undefined && (stores as readonly StoreName[]).includes(store)) {
				return Promise.reject(new StorageError('broken'));
			}
			return storage.read(stores, run);
		},
		write: (stores, durability, run) =>
			isFull() ? Promise.reject(new StorageError('full')) : storage.write(stores, durability, run)
	};
}

const open: Session<Mail>[] = [];

async function signedIn(device = openDevice(), publicComputer = false) {
	const sessions = device.openTab();
	const outcome = await sessions.signIn({ ...right, publicComputer });
	if (outcome.kind !== 'signed-in') throw new Error(outcome.code);
	open.push(outcome.session);
	await settled();
	return { ...device, session: outcome.session };
}

async function resumed(openTab: ReturnType<typeof openDevice>['openTab']) {
	const session = await openTab().resume();
	if (session !== null) open.push(session);
	await settled();
	return session;
}

afterEach(async () => {
	for (const session of open.splice(0)) await session.signOut();
});

describe('signing in', () => {
	it('[R50] tells why it did not happen', async () => {
		const { state, openTab } = openDevice();
		const sessions = openTab();
		expect(await sessions.signIn({ ...right, password: 'wrong' })).toEqual({
			kind: 'refused',
			code: 'wrong-password'
		});
		expect(await sessions.signIn({ ...right, password: 'slow' })).toEqual({
			kind: 'refused',
			code: 'rate-limited',
			retryAfter: 30
		});
		state.isOnline = false;
		expect(await sessions.signIn(right)).toEqual({ kind: 'refused', code: 'offline' });
		expect(await sessions.resume()).toBeNull();
	});

	it('[R50] lasts over a restart with no network at all', async () => {
		const { session, state, openTab } = await signedIn();
		const id = await session.drafts.create({ from, subject: 'Kept' });
		state.isOnline = false;
		const next = await resumed(openTab);
		expect(next?.profile.address).toBe(profile.address);
		expect(next?.drafts.row(id)?.subject).toBe('Kept');
	});

	it('[R24] again goes on where the session ended', async () => {
		const { session, machine, state } = await signedIn();
		machine.sockets.last.events.opened();
		machine.sockets.last.closeWith(4401);
		expect(session.connectivity.state().kind).toBe('signed-out');
		expect(await session.signInAgain('wrong')).toMatchObject({ code: 'wrong-password' });
		state.password = 'new';
		expect(await session.signInAgain('new')).toEqual({ kind: 'signed-in' });
		expect(machine.sockets.all).toHaveLength(2);
	});
});

describe('signing out', () => {
	it('[R53] tells before what it would lose', async () => {
		const { session } = await signedIn();
		expect(await session.pendingWork()).toEqual({ changes: 0, letters: [], drafts: [] });
		const id = await session.drafts.create({ from, subject: 'Only here', to: [from] });
		const waiting = await session.pendingWork();
		expect(waiting).toEqual({ changes: 0, letters: [], drafts: [{ subject: 'Only here' }] });
		await session.replica.writeSubject('settings', { a: 1, b: 2 });
		await session.drafts.send(id);
		expect(await session.pendingWork()).toEqual({
			changes: 1,
			letters: [{ subject: 'Only here' }],
			drafts: []
		});
	});

	it('[R51] wipes the device in every tab and ends the session', async () => {
		const { session, machine, names, openTab } = await signedIn();
		const other = await resumed(openTab);
		await session.drafts.create({ from, subject: 'Secret' });
		const told: string[] = [];
		session.onSignedOut(() => told.push('this tab'));
		other?.onSignedOut(() => told.push('other tab'));
		await session.signOut();
		await settled();
		expect(told.sort()).toEqual(['other tab', 'this tab']);
		expect(names).toEqual([]);
		expect([...machine.kept.keys()]).toEqual([]);
		expect(machine.clearedCaches).toBe(1);
		expect(machine.requests.at(-1)).toBe('DELETE /api/session');
		expect(await resumed(openTab)).toBeNull();
	});

	it('[R51] with no network leaves a mark that says nothing of the person, and tells the server later', async () => {
		const { session, machine, state, openTab } = await signedIn();
		state.isOnline = false;
		await session.signOut();
		await settled();
		expect([...machine.kept]).toEqual([['hongyan.signed-out', '1']]);
		const sessions = openTab();
		expect(await sessions.signIn(right)).toEqual({ kind: 'refused', code: 'offline' });
		state.isOnline = true;
		const before = machine.requests.length;
		machine.networkBack();
		await settled();
		expect(machine.requests.slice(before)).toContain('DELETE /api/session');
		expect([...machine.kept.keys()]).toEqual([]);
	});

	it('[R51] ends the old session before a new one begins', async () => {
		const { session, machine, state, openTab } = await signedIn();
		state.isOnline = false;
		await session.signOut();
		state.isOnline = true;
		const before = machine.requests.length;
		await signedIn({ ...openDevice(), machine, openTab });
		expect(machine.requests.slice(before, before + 2)).toEqual(['DELETE /api/session', 'POST /api/session']);
	});
});

describe('a public computer', () => {
	it('[R52] keeps everything in the tab, and the session ends with it', async () => {
		const { session, machine, names, openTab } = await signedIn(openDevice(), true);
		await session.drafts.create({ from, subject: 'Secret' });
		expect(names).toEqual([]);
		expect([...machine.kept.values()].join()).not.toContain('@');
		const before = machine.requests.length;
		expect(await resumed(openTab)).toBeNull();
		expect(machine.requests.slice(before)).toEqual([]);
		await session.signOut();
		machine.kept.set('hongyan.public', '1');
		expect(await resumed(openTab)).toBeNull();
		expect(machine.requests.at(-1)).toBe('DELETE /api/session');
	});
});

describe('closing a tab', () => {
	it('[R52] loses what waits on a public computer, and on another nothing that is kept', async () => {
		const { session } = await signedIn(openDevice(), true);
		expect(session.isLostWithTab()).toBe(false);
		const id = await session.drafts.create({ from, subject: 'Here only', to: [from] });
		expect(session.isLostWithTab()).toBe(true);
		await session.drafts.discard(id);
		await session.signOut();
		expect(session.isLostWithTab()).toBe(false);

		const own = await signedIn();
		await own.session.drafts.create({ from, subject: 'Kept' });
		expect(own.session.isLostWithTab()).toBe(false);
	});

	it('[R40] loses the draft for which the device has no room', async () => {
		const { session, state } = await signedIn();
		const id = await session.drafts.create({ from, subject: 'Before' });
		const draft = await session.drafts.open(id);
		state.isFull = true;
		if (draft !== undefined) setSubject(draft.doc, 'No room for this');
		await draft?.save();
		expect(session.isLostWithTab()).toBe(true);
		state.isFull = false;
		if (draft !== undefined) setSubject(draft.doc, 'Room again');
		await draft?.save();
		expect(session.isLostWithTab()).toBe(false);
	});
});

describe('a database that can’t be read', () => {
	it('[R41] is rebuilt at the next start, its pending work saved first', async () => {
		const { session, machine, state, names, openTab } = await signedIn();
		const id = await session.drafts.create({ from, subject: 'Unsent', to: [from] });
		const draft = await session.drafts.open(id);
		await draft?.attach({ name: 'a.txt', type: 'text/plain', blob: new Blob(['abc']) });
		await draft?.close();
		await session.drafts.send(id);
		const [broken = ''] = names;
		state.broken[broken] = 'columns';
		const second = await resumed(openTab);
		expect(second?.connectivity.state()).toEqual({ kind: 'storage-broken' });
		expect(machine.kept.has('hongyan.repair')).toBe(true);
		expect(machine.restarts).toBe(1);
		const third = await resumed(openTab);
		expect(names).toHaveLength(1);
		expect(names[0]).not.toBe(broken);
		expect(third?.outbox.items()).toMatchObject([
			{ about: { subject: 'Unsent' }, state: { kind: 'waiting' } }
		]);
		expect((await third?.pendingWork())?.letters).toEqual([{ subject: 'Unsent' }]);
		expect(machine.kept.has('hongyan.repair')).toBe(false);
	});

	it('[R41] [R43] is rebuilt once where two tabs start together, and both go on in the new one', async () => {
		const { state, names, openTab } = await signedIn();
		for (const name of names) state.broken[name] = 'columns';
		await resumed(openTab);
		const tabs = await Promise.all([resumed(openTab), resumed(openTab)]);
		expect(names).toHaveLength(1);
		for (const tab of tabs) await tab?.drafts.create({ from, subject: 'Unsent', to: [] });
		const next = await resumed(openTab);
		await next?.loaded;
		expect(next?.drafts.list()).toHaveLength(2);
	});

	it('[R41] starts anew by itself, but not over and over', async () => {
		const device = await signedIn();
		const { machine, openTab } = device;
		/** The database of the next start can't be read; the start after that rebuilds it. */
		const startBroken = async () => {
			for (const name of device.names) device.state.broken[name] = 'columns';
			await resumed(openTab);
			const { restarts } = machine;
			await resumed(openTab);
			return restarts;
		};
		expect(await startBroken()).toBe(1);
		expect(await startBroken()).toBe(1);
		await machine.clock.advance(600_000);
		expect(await startBroken()).toBe(2);
	});
});
