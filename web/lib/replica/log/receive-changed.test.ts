import { describe, expect, it } from 'vitest';
import type { ChangedPack, Opening } from '#schema/space/entry.ts';
import type { DocumentId, SubmissionId } from '#schema/ids.ts';
import type { SubmissionFact } from '#schema/mail/message.ts';
import { writeMessages } from '../changes/actions.ts';
import { flagBits, keywordBit } from '../state/column-block.ts';
import { openBench, type Bench } from '../trial/bench.ts';
import {
	arrived,
	generation,
	marking,
	message,
	opening,
	stamp,
	stretch,
	trialTime
} from '../trial/letters.ts';
import { catchUpOf, receiveChangedPack, receiveOpeningSince } from './receive-changed.ts';
import { receiveEntries } from './receive-entries.ts';
import { receiveOpening } from './receive-opening.ts';
import { receivePack } from './receive-pack.ts';

const target = { generation, seq: 40 };

function openingSince(over: Partial<Opening> = {}): Opening {
	return opening({ cursor: target, arrivals: 6, ...over });
}

function changed(from: number, to: number, over: Partial<ChangedPack> = {}): ChangedPack {
	const cursor = { generation, seq: 45 };
	return { cursor, from, to, arrived: [], threads: [], registers: [], withdrawn: [], ...over };
}

/** A replica that holds messages 0 to 3 and stands at entry 4. */
async function standing(): Promise<Bench> {
	const bench = await openBench();
	await receiveEntries(bench.core, stretch(1, arrived(0), arrived(1), arrived(2), arrived(3)));
	return bench;
}

const newest = changed(3, 6, {
	arrived: [message(5), message(4, { thread: 1 })],
	threads: [
		[5, 5],
		[4, 1],
		[3, 1]
	],
	registers: [{ arrival: 3, field: '$seen', value: true, stamp: stamp(trialTime + 9) }]
});
const oldest = changed(0, 3, { withdrawn: [2, 1] });

describe('catching up below the log’s floor', () => {
	it('[R83] lays what changed over what is held, and follows from the head it was told', async () => {
		const { core, disk, storage } = await standing();
		const content = { text: 'x', html: null, parts: [], defects: [], parser: 1 };
		await storage.write(['contents'], 'relaxed', async (transaction) => {
			for (const arrival of [1, 2]) transaction.put('contents', arrival, content);
		});
		expect(await receiveOpeningSince(core, openingSince())).toBe(true);
		expect(core.memory.head?.cursor.seq).toBe(4);
		expect(await receiveChangedPack(core, newest)).toBe(true);
		expect(await receiveChangedPack(core, oldest)).toBe(true);
		expect(core.memory.head?.cursor).toEqual(target);
		const { columns } = core.memory;
		expect([0, 1, 2, 3, 4, 5].map((arrival) => columns.row(arrival)?.thread)).toEqual([
			0,
			1,
			undefined,
			1,
			1,
			5
		]);
		expect(columns.row(3)?.flags).toBe(flagBits.held | keywordBit('$seen'));
		const held = await storage.read(['contents'], (transaction) =>
			Promise.all([transaction.get('contents', 1), transaction.get('contents', 2)])
		);
		expect(held).toEqual([content, undefined]);
		expect(core.memory.backfill?.missing).toEqual([]);
		expect(await catchUpOf(core)).toBeUndefined();
		const again = await openBench({ disk });
		expect(again.core.memory.columns.row(4)).toEqual(columns.row(4));
		expect(again.core.memory.head?.cursor).toEqual(target);
	});

	it('[R84] goes on where it stopped, in the next life too', async () => {
		const { core, disk } = await standing();
		await receiveOpeningSince(core, openingSince());
		await receiveChangedPack(core, newest);
		const again = await openBench({ disk });
		expect(again.core.memory.head?.cursor).toEqual({ generation, seq: 4 });
		expect(await catchUpOf(again.core)).toMatchObject({ since: { generation, seq: 4 }, target, before: 3 });
		expect(await receiveChangedPack(again.core, newest)).toBe(false);
		expect(await receiveChangedPack(again.core, oldest)).toBe(true);
		expect(again.core.memory.head?.cursor).toEqual(target);
		expect(again.core.memory.columns.row(2)).toBeUndefined();
	});

	it('[R83] keeps what is pending over it, and says it again of nobody else’s', async () => {
		const { core } = await standing();
		await writeMessages(core, [1, 2], '$flagged', true);
		await receiveOpeningSince(core, openingSince());
		const registers = [{ arrival: 1, field: '$flagged', value: false, stamp: stamp(trialTime * 2) }];
		await receiveChangedPack(core, newest);
		await receiveChangedPack(core, { ...oldest, threads: [[1, 1]], registers });
		expect(core.memory.pending.size).toBe(1);
		expect(core.memory.columns.row(1)?.flags).toBe(flagBits.held | keywordBit('$flagged'));
		expect(core.memory.columns.row(2)).toBeUndefined();
	});

	it('[R84] takes a message as gone that was withdrawn in the tail meanwhile', async () => {
		const { core } = await standing();
		await receiveOpeningSince(core, openingSince());
		await receiveChangedPack(core, newest);
		await receiveChangedPack(core, oldest);
		const tail = stretch(41, { kind: 'withdrawn', arrivals: [5, 1] }, { kind: 'restored', arrivals: [2, 1] });
		expect(await receiveEntries(core, tail)).toBe('applied');
		expect(core.memory.columns.row(5)).toBeUndefined();
		expect(core.memory.backfill?.missing).toEqual([2, 1]);
	});

	it('[R83] downloads what was restored meanwhile, and what it should hold and does not', async () => {
		const { core } = await standing();
		await receiveEntries(core, stretch(5, { kind: 'withdrawn', arrivals: [1, 1] }));
		await receiveOpeningSince(core, openingSince({ arrivals: 5 }));
		const threads = [
			[4, 4],
			[1, 0]
		] as const;
		await receiveChangedPack(core, changed(0, 5, { threads }));
		expect(core.memory.backfill?.missing).toEqual([1, 1, 4, 1]);
		const pack = { cursor: { generation, seq: 45 }, from: 1, to: 2, messages: [message(1)], registers: [] };
		await receivePack(core, { ...pack, cursor: { generation, seq: 44 }, messages: [] });
		expect(core.memory.backfill?.missing).toEqual([1, 1, 4, 1]);
		await receivePack(core, pack);
		expect(core.memory.columns.row(1)).toBeDefined();
	});

	it('[R83] takes no pack any more that was true before', async () => {
		const { core } = await openBench({ opens: { arrivals: 2 } });
		await receiveOpeningSince(core, openingSince({ arrivals: 2 }));
		await receiveChangedPack(core, changed(0, 2, { threads: [[1, 0]] }));
		const pack = { from: 0, to: 2, messages: [message(0), message(1)], registers: [] };
		expect(await receivePack(core, { ...pack, cursor: { generation, seq: 39 } })).toBe(false);
		expect(await receivePack(core, { ...pack, cursor: { generation, seq: 40 } })).toBe(true);
	});

	it('[R83] [R44] takes none meanwhile, where another tab had asked for it', async () => {
		const { core } = await openBench({ opens: { arrivals: 4 } });
		await receiveOpeningSince(core, openingSince({ arrivals: 4 }));
		await receiveChangedPack(core, changed(2, 4, { threads: [[3, 0]] }));
		// True before 3 joined the thread of 0, which the tail after the target tells no more.
		const pack = { from: 0, to: 4, messages: [0, 1, 2, 3].map((arrival) => message(arrival)), registers: [] };
		expect(await receivePack(core, { ...pack, cursor: { generation, seq: 39 } })).toBe(false);
		await receiveChangedPack(core, changed(0, 2));
		expect(core.memory.backfill).toMatchObject({ missing: [0, 4], caughtUpAt: 40 });
	});

	it('[R83] merges registers of drafts and texts, and replaces what is known of sending', async () => {
		const { core, storage } = await standing();
		const told = (id: string): SubmissionFact => ({
			id: id as SubmissionId,
			document: null,
			state: 'held',
			releaseAt: 1,
			submittedAt: 1,
			subject: '',
			recipients: []
		});
		await receiveEntries(core, stretch(5, { kind: 'submission', submission: told('old') }));
		const deleted = { subject: 'draft:d', field: 'deleted', value: true, stamp: stamp(trialTime) };
		await receiveOpeningSince(
			core,
			openingSince({
				registers: [deleted],
				documents: [{ document: 'e' as DocumentId, state: Uint8Array.of(0, 0) }],
				submissions: [told('new')]
			})
		);
		expect(core.memory.subjects.value('draft:d', 'deleted')).toBe(true);
		const kept = await storage.read(['submissions', 'documents'], async (transaction) => ({
			submissions: await transaction.getAll('submissions'),
			document: await transaction.get('documents', 'e')
		}));
		expect(kept.submissions.map(({ id }) => id)).toEqual(['new']);
		expect(kept.document).toMatchObject({ nextUpdate: 1 });
	});

	it('[R83] counts on from the totals it was told while messages are still to be downloaded', async () => {
		const { core } = await openBench({
			opens: { arrivals: 4, counters: { inbox: { total: 4, unread: 4 } } }
		});
		const pack = { from: 2, to: 4, messages: [message(3), message(2)], registers: [] };
		await receivePack(core, { ...pack, cursor: { generation, seq: 0 } });
		await receiveOpeningSince(
			core,
			openingSince({ arrivals: 4, counters: { inbox: { total: 3, unread: 3 } } })
		);
		await receiveChangedPack(core, changed(0, 4, { withdrawn: [3, 1] }));
		expect(core.memory.backfill).toMatchObject({
			missing: [0, 2],
			counters: { inbox: { total: 3, unread: 3 } },
			counted: { inbox: { total: 1, unread: 1 } }
		});
	});

	it('[R83] takes nothing of another history; an opening ends it', async () => {
		const { core } = await standing();
		const other = { generation: 'other', seq: 40 };
		expect(await receiveOpeningSince(core, openingSince({ cursor: other }))).toBe(false);
		await receiveOpeningSince(core, openingSince());
		expect(await receiveChangedPack(core, { ...newest, cursor: other })).toBe(false);
		await receiveOpening(core, opening({ cursor: other }));
		expect(await catchUpOf(core)).toBeUndefined();
		await receiveEntries(core, {
			...stretch(41, marking([0], '$seen', true, stamp(trialTime))),
			generation: 'other'
		});
		expect(core.memory.head?.cursor).toEqual({ generation: 'other', seq: 41 });
	});
});
