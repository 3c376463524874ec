import { describe, expect, it } from 'vitest';
import { countOfRanges } from '#schema/docs/ranges.ts';
import { compareStamps } from '#schema/docs/registers.ts';
import type { DocumentId } from '#schema/ids.ts';
import { receiveEntries } from '../log/receive-entries.ts';
import { keywordBit } from '../state/column-block.ts';
import { StorageError } from '../storage/failure.ts';
import { memoryDisk, openMemoryStorage } from '../storage/memory.ts';
import type { Durability, ReplicaStorage } from '../storage/storage.ts';
import { openBench } from '../trial/bench.ts';
import { arrived, marking, stamp, stretch, trialTime } from '../trial/letters.ts';
import { beneath, undoAction, writeMessages } from './actions.ts';
import type { PendingChange } from './pending-change.ts';
import { writeChanges, type NewChange } from './write.ts';

const draft = 'draft-1' as DocumentId;
const concatenated = (updates: readonly Uint8Array[]) =>
	new Uint8Array(updates.flatMap((update) => [...update]));

function setting(field: string, value: string): NewChange {
	return { kind: 'registers', target: { kind: 'subject', subject: 'settings' }, field, value };
}

function text(...bytes: number[]): NewChange {
	return { kind: 'text', document: draft, update: Uint8Array.from(bytes) };
}

async function storedPending(storage: ReplicaStorage): Promise<PendingChange[]> {
	return storage.read(['pending'], (transaction) => transaction.getAll('pending'));
}

/** Storage that notes how durable each write was asked to be, and can be full for a while. */
function watched(storage: ReplicaStorage) {
	const asked: Durability[] = [];
	const state = { full: 0 };
	const watching: ReplicaStorage = {
		...storage,
		write: (stores, durability, run) => {
			asked.push(durability);
			if (state.full > 0 && !stores.includes('contents' as never)) {
				state.full -= 1;
				return Promise.reject(new StorageError('full'));
			}
			return storage.write(stores, durability, run);
		}
	};
	return { storage: watching, asked, state };
}

describe('writing', () => {
	it('[R8] commits strictly before it shows, and is there after a crash', async () => {
		const disk = memoryDisk();
		const { storage, asked } = watched(openMemoryStorage(disk));
		const { core } = await openBench({ disk, storage });
		await receiveEntries(core, stretch(1, arrived(0)));
		asked.length = 0;
		const writing = writeMessages(core, [0], '$seen', true);
		expect(core.memory.columns.row(0)?.flags).not.toBe(undefined);
		expect((core.memory.columns.row(0)?.flags ?? 0) & keywordBit('$seen')).toBe(0);
		const action = await writing;
		expect(action.count).toBe(1);
		expect(asked).toEqual(['strict']);
		storage.close();
		const { core: next } = await openBench({ disk });
		expect((next.memory.columns.row(0)?.flags ?? 0) & keywordBit('$seen')).not.toBe(0);
	});

	it('[R9] numbers and stamps in order, never one twice, in two tabs at once', async () => {
		const disk = memoryDisk();
		const [one, two] = [await openBench({ disk }), await openBench({ disk })];
		const writes = await Promise.all(
			Array.from({ length: 10 }, (_, index) =>
				writeChanges((index % 2 === 0 ? one : two).core, [
					setting(`f${index}`, 'x'),
					setting(`g${index}`, 'y')
				])
			)
		);
		const rows = writes.flat().sort((left, right) => left.key - right.key);
		expect(new Set(rows.map(({ key }) => key)).size).toBe(20);
		rows.forEach((row, index) => {
			const next = rows[index + 1];
			if (row.kind === 'registers' && next?.kind === 'registers') {
				expect(compareStamps(row.stamp, next.stamp)).toBe(-1);
			}
		});
	});

	it('[R10] stores one row for an action over a whole mailbox', async () => {
		const { core, storage } = await openBench();
		await receiveEntries(core, stretch(1, ...Array.from({ length: 1500 }, (_, index) => arrived(index))));
		const action = await writeMessages(
			core,
			Array.from({ length: 1500 }, (_, index) => index),
			'$seen',
			true
		);
		expect(action.count).toBe(1500);
		expect(await storedPending(storage)).toHaveLength(1);
	});

	it('[R10] leaves out what has the value already or is not here', async () => {
		const { core, storage } = await openBench();
		await receiveEntries(core, stretch(1, arrived(0, { keywords: ['$seen'] }), arrived(1)));
		const action = await writeMessages(core, [0, 1, 77], '$seen', true);
		expect(action.arrivals).toEqual([1, 1]);
		expect((await writeMessages(core, [0, 1], '$seen', true)).count).toBe(0);
		expect(await storedPending(storage)).toHaveLength(1);
	});

	it('[R12] replaces a pending write of the same register, and joins pending edits of one draft', async () => {
		const { core, storage } = await openBench();
		await writeChanges(core, [setting('mode', 'dark'), text(1)], { mergeText: concatenated });
		await writeChanges(core, [setting('mode', 'light'), text(2)], { mergeText: concatenated });
		const rows = await storedPending(storage);
		expect(rows.map((row) => (row.kind === 'text' ? [...row.update] : row.value))).toEqual(['light', [1, 2]]);
		expect(core.memory.pending.size).toBe(2);
		expect(core.memory.subjects.value('settings', 'mode')).toBe('light');
	});

	it('[R12] leaves alone what is in a batch under way', async () => {
		const { core, storage } = await openBench();
		const [first] = await writeChanges(core, [setting('mode', 'dark')]);
		const rows = [first?.key ?? 0];
		await storage.write(['meta'], 'relaxed', async (transaction) => {
			transaction.put('meta', 'inflight', {
				batch: 'b' as never,
				generation: 'g',
				changes: [],
				covers: [{ key: rows[0] ?? 0, rows }]
			});
		});
		await writeChanges(core, [setting('mode', 'light')]);
		expect(await storedPending(storage)).toHaveLength(2);
	});

	it('[R40] gives up what can be fetched again when the disk is full, then writes', async () => {
		const { storage, state } = watched(openMemoryStorage());
		const { core } = await openBench({ storage });
		await storage.write(['contents', 'blobs'], 'relaxed', async (transaction) => {
			transaction.put('contents', 1, { text: 'x', html: null, parts: [], defects: [], parser: 1 });
			transaction.put('blobs', 'part:1:2', Uint8Array.of(1));
			transaction.put('blobs', 'attachment:a', Uint8Array.of(1));
		});
		state.full = 1;
		await writeChanges(core, [setting('mode', 'dark')]);
		const left = await storage.read(['contents', 'blobs'], async (transaction) => [
			(await transaction.getAll('contents')).length,
			(await transaction.getAll('blobs')).length
		]);
		expect(left).toEqual([0, 1]);
	});

	it('[R40] rejects as full, shows nothing, and says when there is room again', async () => {
		const { storage, state } = watched(openMemoryStorage());
		const { core } = await openBench({ storage });
		const told: boolean[] = [];
		core.fullness.add((isFull) => told.push(isFull));
		state.full = 2;
		await expect(writeChanges(core, [setting('mode', 'dark')])).rejects.toMatchObject({ kind: 'full' });
		expect(core.memory.subjects.value('settings', 'mode')).toBeUndefined();
		expect(core.memory.pending.size).toBe(0);
		await writeChanges(core, [setting('mode', 'dark')]);
		expect(told).toEqual([true, false]);
	});
});

describe('undoing', () => {
	it('[R17] gives back what each message had', async () => {
		const { core } = await openBench();
		await receiveEntries(
			core,
			stretch(1, arrived(0), arrived(1, { mailbox: 'archive' as never }), arrived(2))
		);
		const action = await writeMessages(core, [0, 1, 2], 'mailbox', 'trash');
		await undoAction(core, action);
		const mailboxes = [0, 1, 2].map((arrival) => core.memory.columns.row(arrival)?.mailbox);
		expect(mailboxes).toEqual(['inbox', 'archive', 'inbox']);
	});

	it('[R17] leaves alone what was written again since, here or elsewhere', async () => {
		const { core, clock } = await openBench();
		await receiveEntries(core, stretch(1, arrived(0), arrived(1), arrived(2)));
		const action = await writeMessages(core, [0, 1, 2], 'mailbox', 'trash');
		await writeMessages(core, [1], 'mailbox', 'archive');
		const later = marking([2], 'mailbox', 'junk', stamp(clock.now() + 60_000));
		await receiveEntries(core, stretch(4, later));
		await undoAction(core, action);
		expect(core.memory.columns.row(0)?.mailbox).toBe('inbox');
		expect(core.memory.columns.row(1)?.mailbox).toBe('archive');
		const undone = [...core.memory.pending.values()].at(-1);
		expect(undone?.kind === 'registers' && undone.target).toEqual({ kind: 'messages', arrivals: [0, 1] });
	});

	it('[R17] undoes over what another device wrote earlier, though it came later', async () => {
		const { core } = await openBench();
		await receiveEntries(core, stretch(1, arrived(0)));
		const action = await writeMessages(core, [0], 'mailbox', 'trash');
		await receiveEntries(core, stretch(2, marking([0], 'mailbox', 'junk', stamp(trialTime - 60_000))));
		await undoAction(core, action);
		expect(core.memory.columns.row(0)?.mailbox).toBe('inbox');
	});

	it('[R17] takes back one step after the other, each to what it found', async () => {
		const { core } = await openBench();
		await receiveEntries(core, stretch(1, arrived(0), arrived(1)));
		const mailboxes = () => [0, 1].map((arrival) => core.memory.columns.row(arrival)?.mailbox);
		const first = await writeMessages(core, [0, 1], 'mailbox', 'archive');
		const second = await writeMessages(core, [0], 'mailbox', 'trash');
		const undone = await undoAction(core, second);
		expect(undone.count).toBe(1);
		expect(mailboxes()).toEqual(['archive', 'archive']);
		expect(await undoAction(core, first)).toMatchObject({ count: 1 });
		expect(mailboxes()).toEqual(['archive', 'inbox']);
		expect(await undoAction(core, beneath(first, second, undone))).toMatchObject({ count: 1 });
		expect(mailboxes()).toEqual(['inbox', 'inbox']);
	});

	it('[R17] leaves alone what was written between two steps that are taken back', async () => {
		const { core } = await openBench();
		await receiveEntries(core, stretch(1, arrived(0), arrived(1)));
		const first = await writeMessages(core, [0, 1], 'mailbox', 'archive');
		await writeMessages(core, [1], 'mailbox', 'junk');
		const second = await writeMessages(core, [0], 'mailbox', 'trash');
		const undone = await undoAction(core, second);
		expect(await undoAction(core, beneath(first, second, undone))).toMatchObject({ count: 1 });
		expect([0, 1].map((arrival) => core.memory.columns.row(arrival)?.mailbox)).toEqual(['inbox', 'junk']);
	});

	it('[R17] writes nothing where nothing is left to undo', async () => {
		const { core, storage } = await openBench();
		await receiveEntries(core, stretch(1, arrived(0)));
		const action = await writeMessages(core, [0], '$seen', true);
		await undoAction(core, action);
		await undoAction(core, action);
		expect(countOfRanges(action.arrivals)).toBe(1);
		expect(await storedPending(storage)).toHaveLength(2);
	});
});
