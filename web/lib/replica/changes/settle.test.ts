import { describe, expect, it } from 'vitest';
import type { Stamp } from '#schema/docs/registers.ts';
import type { BatchId, DocumentId, SpaceId } from '#schema/ids.ts';
import { receiveEntries } from '../log/receive-entries.ts';
import { keywordBit } from '../state/column-block.ts';
import { RegisterBlock } from '../state/register-block.ts';
import { memoryDisk, openMemoryStorage } from '../storage/memory.ts';
import { readMeta } from '../storage/meta.ts';
import type { ReplicaStorage } from '../storage/storage.ts';
import { openBench, type Bench } from '../trial/bench.ts';
import { arrived, generation, marking, stamp, stretch } from '../trial/letters.ts';
import { undoAction, writeMessages } from './actions.ts';
import { nextBatch, StampMover } from './batch.ts';
import { settleAcked, settleRefused } from './settle.ts';
import { writeChanges } from './write.ts';

const space = 'space' as SpaceId;
const batch = 'batch-1' as BatchId;

/** Hands everything pending to a server that does not answer yet. */
async function sendAll({ core, storage }: Bench): Promise<void> {
	const own = core.memory.head?.own ?? { time: 0, counter: 0 };
	const made = nextBatch([...core.memory.pending.values()], new StampMover(core.serverTime(), own));
	await storage.write(['meta'], 'relaxed', async (transaction) => {
		transaction.put('meta', 'inflight', { batch, generation, ...made });
	});
}

function acked(seq: number, stamps: readonly { readonly key: number; readonly stamp: Stamp }[] = []) {
	return { batch, space, seq, stamps };
}

async function stampOf({ storage }: Bench, arrival: number, field: string): Promise<Stamp | undefined> {
	const record = await storage.read(['registers'], (transaction) => transaction.get('registers', 0));
	return new RegisterBlock(0, record).get(arrival, field)?.stamp;
}

async function benchWithMail(count = 3): Promise<Bench> {
	const bench = await openBench();
	await receiveEntries(
		bench.core,
		stretch(1, ...Array.from({ length: count }, (_, index) => arrived(index)))
	);
	return bench;
}

const isSeen = ({ core }: Bench, arrival: number) =>
	((core.memory.columns.row(arrival)?.flags ?? 0) & keywordBit('$seen')) !== 0;

describe('undoing around an ack', () => {
	it('[R17] takes back what came back in the log and is not acked yet', async () => {
		const bench = await benchWithMail();
		const { core, clock } = bench;
		const action = await writeMessages(core, [0], 'mailbox', 'trash');
		await sendAll(bench);
		const given = stamp(clock.now() + 5, 0, 'own');
		await receiveEntries(core, stretch(4, marking([0], 'mailbox', 'trash', given)));
		expect(await undoAction(core, action)).toMatchObject({ count: 1 });
		expect(core.memory.columns.row(0)?.mailbox).toBe('inbox');
	});

	it('[R17] takes back what is acked while it is looked whose write is the latest', async () => {
		const disk = memoryDisk();
		const stored = openMemoryStorage(disk);
		let meanwhile = () => Promise.resolve();
		const storage: ReplicaStorage = {
			...stored,
			read: async (stores, run) => {
				const answer = await stored.read(stores, run);
				await meanwhile();
				return answer;
			}
		};
		const bench = await openBench({ disk, storage });
		const { core, clock } = bench;
		await receiveEntries(core, stretch(1, arrived(0)));
		const action = await writeMessages(core, [0], 'mailbox', 'trash');
		await sendAll(bench);
		meanwhile = async () => {
			meanwhile = () => Promise.resolve();
			await settleAcked(core, acked(2, [{ key: 1, stamp: stamp(clock.now() + 5, 0, 'own') }]));
		};
		expect(await undoAction(core, action)).toMatchObject({ count: 1 });
		expect(core.memory.columns.row(0)?.mailbox).toBe('inbox');
	});
});

describe('an ack', () => {
	it('[R15] makes changes confirmed under the stamps the server gave', async () => {
		const bench = await benchWithMail();
		await writeMessages(bench.core, [0, 1], '$seen', true);
		await sendAll(bench);
		const given = stamp(bench.clock.now() - 7, 2, 'own');
		await settleAcked(bench.core, acked(4, [{ key: 1, stamp: given }]));
		expect(bench.core.memory.pending.size).toBe(0);
		expect(isSeen(bench, 0)).toBe(true);
		expect(await stampOf(bench, 1, '$seen')).toEqual(given);
		const again = await openBench({ disk: bench.disk });
		expect(isSeen(again, 1)).toBe(true);
		expect(again.core.memory.pending.size).toBe(0);
	});

	it('[R15] leaves changes written since on top', async () => {
		const bench = await benchWithMail();
		await writeMessages(bench.core, [0], '$seen', true);
		await sendAll(bench);
		await writeMessages(bench.core, [0], '$seen', false);
		await settleAcked(bench.core, acked(4));
		expect(isSeen(bench, 0)).toBe(false);
		expect([...bench.core.memory.pending.keys()]).toEqual([2]);
		expect((bench.core.memory.columns.confirmed(0)?.flags[0] ?? 0) & keywordBit('$seen')).not.toBe(0);
	});

	it('[R15] loses against a later change of another device', async () => {
		const bench = await benchWithMail();
		await writeMessages(bench.core, [0], '$seen', true);
		await sendAll(bench);
		await receiveEntries(
			bench.core,
			stretch(4, marking([0], '$seen', false, stamp(bench.clock.now() + 1_000)))
		);
		expect(isSeen(bench, 0)).toBe(true);
		await settleAcked(bench.core, acked(5));
		expect(isSeen(bench, 0)).toBe(false);
	});

	it('[R15] counts once, and one of another batch not at all', async () => {
		const bench = await benchWithMail();
		await writeMessages(bench.core, [0], '$seen', true);
		await sendAll(bench);
		await settleAcked(bench.core, { ...acked(4), batch: 'other' as BatchId });
		expect(bench.core.memory.pending.size).toBe(1);
		await settleAcked(bench.core, acked(4));
		const { revision } = bench.core.memory.head ?? {};
		await settleAcked(bench.core, acked(4));
		expect(bench.core.memory.head?.revision).toBe(revision);
	});

	it('[R15] keeps a text that its entry has not brought yet, and no second one that it has', async () => {
		const document = 'draft' as DocumentId;
		const bench = await benchWithMail();
		const updates = () => bench.storage.read(['updates'], (transaction) => transaction.getAll('updates'));
		const type = async (byte: number) => {
			await writeChanges(bench.core, [{ kind: 'text', document, update: Uint8Array.of(byte) }]);
			await sendAll(bench);
		};
		await type(1);
		await settleAcked(bench.core, acked(4));
		expect(await updates()).toEqual([Uint8Array.of(1)]);
		await receiveEntries(bench.core, stretch(4, { kind: 'text', document, update: Uint8Array.of(1) }));
		await type(2);
		await receiveEntries(bench.core, stretch(5, { kind: 'text', document, update: Uint8Array.of(2) }));
		const before = (await updates()).length;
		await settleAcked(bench.core, acked(5));
		expect((await updates()).length).toBe(before);
	});

	it('[R17] can be undone under its new stamp', async () => {
		const bench = await benchWithMail();
		const action = await writeMessages(bench.core, [0, 1], '$seen', true);
		await sendAll(bench);
		await settleAcked(bench.core, acked(4, [{ key: 1, stamp: stamp(bench.clock.now() + 3, 5, 'own') }]));
		await receiveEntries(
			bench.core,
			stretch(4, marking([1], '$seen', true, stamp(bench.clock.now() + 9_000)))
		);
		await undoAction(bench.core, action);
		expect([isSeen(bench, 0), isSeen(bench, 1)]).toEqual([false, true]);
	});

	it('[R18] lowers a clock that had run ahead, once nothing is pending', async () => {
		const bench = await benchWithMail();
		const truth = bench.clock.now();
		bench.clock.set(truth + 86_400_000);
		await writeMessages(bench.core, [0], '$seen', true);
		bench.clock.set(truth);
		await sendAll(bench);
		await settleAcked(bench.core, acked(4));
		const [row] = await writeChanges(bench.core, [
			{ kind: 'registers', target: { kind: 'messages', arrivals: [1, 1] }, field: '$seen', value: true }
		]);
		expect(row?.kind === 'registers' && row.stamp.time).toBe(truth);
	});
});

describe('a refusal', () => {
	it('[R16] drops what stood in the way, keeps its reason, and lets the rest go again', async () => {
		const bench = await benchWithMail();
		await writeMessages(bench.core, [0], '$seen', true);
		await writeMessages(bench.core, [1], '$flagged', true);
		await sendAll(bench);
		await settleRefused(bench.core, { batch, space, code: 'not-permitted', keys: [1] });
		expect(isSeen(bench, 0)).toBe(false);
		expect([...bench.core.memory.pending.keys()]).toEqual([2]);
		const kept = await bench.storage.read(['meta'], (transaction) =>
			Promise.all([readMeta(transaction, 'refusals'), readMeta(transaction, 'inflight')])
		);
		expect(kept).toEqual([
			[
				{
					key: 1,
					code: 'not-permitted',
					at: bench.clock.now(),
					about: { kind: 'messages', count: 1, field: '$seen' }
				}
			],
			undefined
		]);
	});

	it('[R16] drops all where none is named', async () => {
		const bench = await benchWithMail();
		await writeMessages(bench.core, [0], '$seen', true);
		await writeChanges(bench.core, [{ kind: 'text', document: 'd' as DocumentId, update: Uint8Array.of(1) }]);
		await sendAll(bench);
		await settleRefused(bench.core, { batch, space, code: 'unknown-space', keys: [] });
		expect(bench.core.memory.pending.size).toBe(0);
	});
});
