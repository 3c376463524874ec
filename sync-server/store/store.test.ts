import { mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStoreInProcess } from './in-process.ts';
import { openStore, type Store, type StoreOptions } from './store.ts';
import { StoreError } from './store-error.ts';
import type { OrganisationId, PrincipalId, SpaceId } from '#schema/ids.ts';
import type { SpaceKind } from './space/kind.ts';
import { delivery } from './trial/space.ts';
import { trialCreatedKind, trialKind } from './trial/kind.ts';

let directory: string;
let store: Store;
const writer = new URL('./trial/writer.ts', import.meta.url);
const kinds = [trialKind, trialCreatedKind];

type Variant = (options?: Partial<StoreOptions>) => Store;
const variants: Record<string, Variant> = {
	'in a thread': (options) => openStore({ directory, writer, ...options }),
	'in process': (options) =>
		openStoreInProcess(kinds, directory, {
			clock: () => 1,
			random: (length) => new Uint8Array(length),
			...options
		})
};

beforeEach(() => {
	directory = mkdtempSync(path.join(tmpdir(), 'hongyan-store-'));
});
afterEach(async () => {
	await store.close();
	rmSync(directory, { recursive: true });
});

/** For each file in the folder `many`, how many connections this process has to it (as Linux tells). */
function connections(): number[] {
	const paths = readdirSync('/proc/self/fd').map((name) => {
		try {
			return readlinkSync(`/proc/self/fd/${name}`);
		} catch {
			return '';
		}
	});
	const own = paths.filter((name) => name.startsWith(path.join(directory, 'many')) && /\.db( |$)/.test(name));
	return [...Map.groupBy(own, (name) => name).values()].map(({ length }) => length);
}

async function failure(promise: Promise<unknown>): Promise<string> {
	try {
		await promise;
	} catch (error) {
		if (error instanceof StoreError) return error.kind;
		throw error;
	}
	return 'none';
}

describe.each(Object.keys(variants))('a store %s', (name) => {
	const open: Variant = (options) => (store = variants[name]!(options));
	const notes = (file = 'notes.db') => store.file<typeof trialKind>('trial', file);

	it('[S1] keeps what it answered, also after it was closed and opened', async () => {
		open();
		expect(await notes().call('add', { number: 7, text: 'seven' })).toBe(7);
		await store.close();
		open();
		expect(await notes().call('numbers')).toEqual([7]);
	});

	it('[S1] commits with synchronous=FULL and a write-ahead log', async () => {
		open();
		expect(await notes().call('setting', 'synchronous')).toBe(2);
		expect(await notes().call('setting', 'journal_mode')).toBe('wal');
	});

	it('[S3] undoes an operation that throws, and no other', async () => {
		open();
		const calls = await Promise.allSettled([
			notes().call('add', { number: 1, text: '' }),
			notes().call('addAndRefuse', { number: 2 }),
			notes().call('add', { number: 1, text: 'again' }),
			notes().call('add', { number: 3, text: '' })
		]);
		expect(calls.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
		expect(await notes().call('numbers')).toEqual([1, 3]);
	});

	it('[S5] names why an operation failed', async () => {
		open();
		await notes().call('add', { number: 1, text: '' });
		expect(await failure(notes().call('add', { number: 1, text: '' }))).toBe('conflict');
		expect(await failure(notes().call('addAndRefuse', { number: 2 }))).toBe('refused');
		expect(await failure(notes('../outside.db').call('numbers'))).toBe('refused');
		expect(await failure(store.file<typeof trialKind>('trial', 'lock').call('numbers'))).toBe('refused');
	});

	it('[S6] makes a file only where its kind lets the operation', async () => {
		open();
		const file = store.file<typeof trialCreatedKind>('created', 'made/by/add.db');
		const calls = [failure(file.call('numbers')), failure(file.call('add', { number: 1, text: '' }))];
		expect(await Promise.all(calls)).toEqual(['missing', 'none']);
		expect(await file.call('numbers')).toEqual([1]);
	});

	it('[S4] answers full and keeps what was there; works again when there is room', async () => {
		open({ limits: { trial: { maxPages: 12 } } });
		await notes().call('add', { number: 1, text: 'small' });
		const large = notes().call('add', { number: 2, text: 'x'.repeat(100_000) });
		const small = notes().call('add', { number: 3, text: 'small' });
		expect(await Promise.all([failure(large), failure(small)])).toEqual(['full', 'none']);
		expect(await notes().call('numbers')).toEqual([1, 3]);
		await store.close();
		open();
		await notes().call('add', { number: 2, text: 'x'.repeat(100_000) });
		expect(await notes().call('numbers')).toEqual([1, 2, 3]);
	});

	it('[S7] closes the files that were used longest ago and opens them again', async () => {
		open({ openFiles: 3 });
		for (const round of [0, 1]) {
			for (let file = 0; file < 10; file += 1) {
				await notes(`many/${file}.db`).call('add', { number: round, text: '' });
			}
		}
		expect(store.figures.openFiles).toBe(3);
		for (let file = 0; file < 10; file += 1) {
			expect(await notes(`many/${file}.db`).call('numbers')).toEqual([0, 1]);
		}
	});

	it('[S7] has one connection to a file, however often that was closed and opened, and none to a closed one', async () => {
		open({ openFiles: 3 });
		for (const number of [0, 1, 2, 3]) {
			for (let file = 0; file < 5; file += 1)
				await notes(`many/${file}.db`).call('add', { number, text: '' });
			expect(Math.max(...connections())).toBe(1);
			// What was closed goes when its thread has turned.
			await expect.poll(connections).toEqual([1, 1, 1]);
		}
	});

	it('[S5] [S7] has one connection to a file that was opened anew because it failed', async () => {
		open();
		mkdirSync(path.join(directory, 'many'));
		writeFileSync(path.join(directory, 'many', 'a.db'), Buffer.alloc(8192, 7));
		for (let times = 0; times < 3; times += 1) {
			expect(await failure(notes('many/a.db').call('numbers'))).toBe('broken');
		}
		rmSync(path.join(directory, 'many', 'a.db'));
		expect(await notes('many/a.db').call('numbers')).toEqual([]);
		await expect.poll(connections).toEqual([1]);
	});

	it('[S8] gives its data folder to nobody else', async () => {
		open();
		const second = () => variants[name]!();
		expect(second).toThrow(StoreError);
		await store.close();
		expect(await failure(notes().call('numbers'))).toBe('refused');
		open();
	});
});

describe('group commit', () => {
	it('[S2] puts what waits for a file into few transactions', async () => {
		store = openStore({ directory, writer });
		const notes = store.file<typeof trialKind>('trial', 'notes.db');
		const count = 1000;
		await Promise.all(Array.from({ length: count }, (_, number) => notes.call('add', { number, text: 'x' })));
		expect(await notes.call('numbers')).toHaveLength(count);
		expect(store.figures.commits).toBeLessThan(count / 10);
	});

	it('[S5] fails what waits when its thread dies, and says so', async () => {
		const failures: string[] = [];
		store = openStore({ directory, writer, onFailure: (error) => failures.push(error.message) });
		const notes = store.file<typeof trialKind>('trial', 'notes.db');
		await notes.call('add', { number: 1, text: '' });
		const calls = [failure(notes.call('endThread')), failure(notes.call('add', { number: 2, text: '' }))];
		expect(await Promise.all(calls)).toEqual(['broken', 'broken']);
		expect(await failure(notes.call('numbers'))).toBe('broken');
		expect(failures).toHaveLength(1);
		await store.close();
		store = openStore({ directory, writer });
		expect(await store.file<typeof trialKind>('trial', 'notes.db').call('numbers')).toEqual([1]);
	});

	it('[S7] finishes what was asked before it closes', async () => {
		store = openStore({ directory, writer });
		const notes = store.file<typeof trialKind>('trial', 'notes.db');
		const calls = Array.from({ length: 500 }, (_, number) => notes.call('add', { number, text: 'x' }));
		await store.close();
		expect(await Promise.all(calls)).toHaveLength(500);
		expect(await failure(notes.call('numbers'))).toBe('refused');
	});

	it('[S7] closes spaces and all that was prepared for them', async () => {
		store = openStore({ directory, writer, openFiles: 4 });
		for (let round = 0; round < 4; round += 1) {
			for (let number = 0; number < 9; number += 1) {
				const space = `s${number}` as SpaceId;
				const file = store.file<SpaceKind>('space', `many/${space}.db`);
				const made = { space, organisation: 'o' as OrganisationId, principal: 'p' as PrincipalId };
				if (round === 0) await file.call('create', { ...made, spaceKind: 'mailbox' });
				await file.call('place', delivery(round));
				await file.call('opening');
			}
			expect(Math.max(...connections())).toBe(1);
			await expect.poll(connections).toEqual([1, 1, 1, 1]);
		}
	});

	it('[S7] keeps a file with one thread, whichever it is', async () => {
		store = openStore({ directory, writer, threads: 2 });
		const calls = Array.from({ length: 40 }, (_, number) =>
			store.file<typeof trialKind>('trial', `${number % 8}.db`).call('add', { number, text: 'x' })
		);
		await Promise.all(calls);
		expect(store.figures.openFiles).toBe(8);
		expect(await store.file<typeof trialKind>('trial', '3.db').call('numbers')).toEqual([3, 11, 19, 27, 35]);
	});
});
