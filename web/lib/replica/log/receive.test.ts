import { describe, expect, it } from 'vitest';
import type { CommandId } from '#schema/ids.ts';
import { systemMailbox } from '#schema/mail/mailbox.ts';
import type { Pack } from '#schema/space/entry.ts';
import { writeMessages } from '../changes/actions.ts';
import { writeChanges } from '../changes/write.ts';
import { flagBits, keywordBit } from '../state/column-block.ts';
import { readMeta } from '../storage/meta.ts';
import type { OutboxRow } from '../storage/stores.ts';
import { openBench } from '../trial/bench.ts';
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
import { receiveEntries } from './receive-entries.ts';
import { receiveOpening } from './receive-opening.ts';
import { receivePack } from './receive-pack.ts';

function pack(seq: number, arrivals: readonly number[], over: Partial<Pack> = {}): Pack {
	const to = Math.max(...arrivals) + 1;
	return {
		cursor: { generation, seq },
		from: Math.min(...arrivals),
		to,
		messages: arrivals.map((arrival) => message(arrival)),
		registers: [],
		...over
	};
}

describe('receiving the log', () => {
	it('[R2] applies entries and moves the cursor in one transaction', async () => {
		const { core, disk } = await openBench();
		expect(await receiveEntries(core, stretch(1, arrived(0), arrived(1)))).toBe('applied');
		expect(core.memory.head?.cursor).toEqual({ generation, seq: 2 });
		expect(core.memory.columns.row(1)?.mailbox).toBe(systemMailbox('inbox'));
		const again = await openBench({ disk });
		expect(again.core.memory.head?.cursor.seq).toBe(2);
		expect(again.core.memory.columns.row(1)).toEqual(core.memory.columns.row(1));
	});

	it('[R2] keeps neither entries nor cursor where the transaction fails', async () => {
		const { core, storage, disk } = await openBench();
		storage.close();
		await expect(receiveEntries(core, stretch(1, arrived(0)))).rejects.toMatchObject({ kind: 'closed' });
		expect(core.memory.head?.cursor.seq).toBe(0);
		const again = await openBench({ disk });
		expect(again.core.memory.head?.cursor.seq).toBe(0);
		expect(again.core.memory.columns.row(0)).toBeUndefined();
	});

	it('[R3] passes over what was applied before, and takes the rest', async () => {
		const { core } = await openBench();
		await receiveEntries(core, stretch(1, arrived(0), arrived(1)));
		expect(await receiveEntries(core, stretch(1, arrived(0), arrived(1)))).toBe('known');
		expect(await receiveEntries(core, stretch(2, arrived(1), arrived(2)))).toBe('applied');
		expect(core.memory.head?.cursor.seq).toBe(3);
	});

	it('[R3] does nothing with entries that do not follow, or of another history', async () => {
		const { core } = await openBench();
		expect(await receiveEntries(core, stretch(2, arrived(1)))).toBe('gap');
		expect(await receiveEntries(core, { ...stretch(1, arrived(0)), generation: 'other' })).toBe('gap');
		expect(core.memory.columns.row(0)).toBeUndefined();
		expect(core.memory.head?.cursor.seq).toBe(0);
	});

	it('[R6] takes summary, body and parts of a withdrawn message away with it', async () => {
		const { core, storage } = await openBench();
		await receiveEntries(core, stretch(1, arrived(0), arrived(1)));
		const content = { text: 'x', html: null, parts: [], defects: [], parser: 1 };
		await storage.write(['contents', 'blobs'], 'relaxed', async (transaction) => {
			transaction.put('contents', 1, content);
			transaction.put('blobs', 'part:1:2', Uint8Array.of(1));
			transaction.put('blobs', 'part:10:2', Uint8Array.of(1));
		});
		await receiveEntries(core, stretch(3, { kind: 'withdrawn', arrivals: [1, 1] }));
		expect(core.memory.columns.row(1)).toBeUndefined();
		const left = await storage.read(['packs', 'contents', 'blobs'], async (transaction) => ({
			pack: await transaction.get('packs', 0),
			content: await transaction.get('contents', 1),
			parts: await transaction.getAll('blobs')
		}));
		expect(left.pack?.messages.map(({ arrival }) => arrival)).toEqual([0]);
		expect(left.content).toBeUndefined();
		expect(left.parts).toHaveLength(1);
	});

	it('[R7] downloads a restored message once more', async () => {
		const { core } = await openBench();
		await receiveEntries(core, stretch(1, arrived(0), { kind: 'withdrawn', arrivals: [0, 1] }));
		await receiveEntries(core, stretch(3, { kind: 'restored', arrivals: [0, 1] }));
		expect(core.memory.backfill?.missing).toEqual([0, 1]);
		await receivePack(core, pack(3, [0]));
		expect(core.memory.columns.row(0)).toBeDefined();
		expect(core.memory.backfill?.missing).toEqual([]);
	});

	it('[R4] joins threads, also of messages that come later', async () => {
		const { core } = await openBench({ opens: { arrivals: 1 } });
		await receiveEntries(core, stretch(1, arrived(5), arrived(6), { kind: 'joined', into: 0, from: [5] }));
		await receiveEntries(core, stretch(4, arrived(7, { thread: 5 }), { kind: 'joined', into: 3, from: [0] }));
		expect([5, 6, 7].map((arrival) => core.memory.columns.row(arrival)?.thread)).toEqual([3, 6, 3]);
		await receivePack(core, pack(1, [0]));
		expect(core.memory.columns.row(0)?.thread).toBe(3);
	});

	it('[R4] numbers mailboxes it never heard of', async () => {
		const { core, disk } = await openBench();
		const move = marking([0], 'mailbox', 'projects', stamp(trialTime));
		await receiveEntries(core, stretch(1, arrived(0), move));
		expect(core.memory.columns.row(0)?.mailbox).toBe('projects');
		expect((await openBench({ disk })).core.memory.columns.row(0)?.mailbox).toBe('projects');
	});
});

describe('receiving packs', () => {
	it('[R4] lets a withdrawal heard of before win over an older pack', async () => {
		const { core } = await openBench({ opens: { arrivals: 3 } });
		await receiveEntries(core, stretch(1, { kind: 'withdrawn', arrivals: [1, 1] }));
		await receivePack(core, pack(0, [0, 1, 2]));
		expect([0, 1, 2].map((arrival) => core.memory.columns.row(arrival) !== undefined)).toEqual([
			true,
			false,
			true
		]);
	});

	it('[R4] merges registers of an older and of a newer pack by stamp', async () => {
		const { core } = await openBench({ opens: { arrivals: 2 } });
		await receiveEntries(core, stretch(1, marking([0, 1], '$seen', true, stamp(trialTime + 5))));
		const registers = [
			{ arrival: 0, field: '$seen', value: false, stamp: stamp(trialTime + 1) },
			{ arrival: 1, field: '$seen', value: false, stamp: stamp(trialTime + 9) }
		];
		await receivePack(core, pack(0, [0, 1], { registers }));
		expect(core.memory.columns.row(0)?.flags).toBe(flagBits.held | keywordBit('$seen'));
		expect(core.memory.columns.row(1)?.flags).toBe(flagBits.held);
	});

	it('[R4] takes nothing from a pack of another history', async () => {
		const { core } = await openBench({ opens: { arrivals: 1 } });
		expect(await receivePack(core, pack(0, [0], { cursor: { generation: 'other', seq: 0 } }))).toBe(false);
		expect(core.memory.columns.row(0)).toBeUndefined();
	});

	it('[R23] accounts for what was downloaded, and for what it showed', async () => {
		const { core } = await openBench({
			opens: { arrivals: 4, counters: { inbox: { total: 4, unread: 4 } } }
		});
		await receivePack(core, pack(0, [2, 3]));
		expect(core.memory.backfill).toMatchObject({
			missing: [0, 2],
			counted: { inbox: { total: 2, unread: 2 } }
		});
	});
});

describe('receiving an opening', () => {
	it('[R5] forgets what was confirmed and keeps what is pending', async () => {
		const { core, disk } = await openBench();
		await receiveEntries(core, stretch(1, arrived(0), arrived(1)));
		await writeMessages(core, [0], '$flagged', true);
		await writeChanges(core, [
			{ kind: 'registers', target: { kind: 'subject', subject: 'settings' }, field: 'mode', value: 'dark' }
		]);
		const fresh = opening({ cursor: { generation, seq: 9 }, arrivals: 1 });
		await receiveOpening(core, fresh);
		expect(core.memory.columns.row(1)).toBeUndefined();
		expect(core.memory.pending.size).toBe(2);
		await receivePack(core, pack(9, [0], { cursor: fresh.cursor }));
		expect(core.memory.columns.row(0)?.flags).toBe(flagBits.held | keywordBit('$flagged'));
		const again = await openBench({ disk });
		expect(again.core.memory.subjects.value('settings', 'mode')).toBe('dark');
		expect(again.core.memory.head?.cursor).toEqual(fresh.cursor);
	});

	it('[R5] sets aside what is pending and names messages where the history is another one', async () => {
		const { core, disk, storage } = await openBench();
		await receiveEntries(core, stretch(1, arrived(0), arrived(1)));
		await writeMessages(core, [0, 1], '$flagged', true);
		await writeChanges(core, [
			{ kind: 'registers', target: { kind: 'subject', subject: 'settings' }, field: 'mode', value: 'dark' }
		]);
		const seen = { generation, seq: 1 };
		const removal: OutboxRow = {
			id: 'removal' as CommandId,
			order: 1,
			at: 1,
			body: { name: 'purge', arrivals: [0, 1], seen },
			state: { kind: 'sent' }
		};
		await storage.write(['outbox'], 'strict', async (transaction) => {
			transaction.put('outbox', removal.id, removal);
		});
		const fresh = opening({ cursor: { generation: 'generation-2', seq: 9 }, arrivals: 1 });
		await receiveOpening(core, fresh);
		await receivePack(core, pack(9, [0], { cursor: fresh.cursor }));
		expect(core.memory.columns.row(0)?.flags).toBe(flagBits.held);
		expect([...core.memory.pending.values()].map(({ kind }) => kind)).toEqual(['registers']);
		expect(core.memory.subjects.value('settings', 'mode')).toBe('dark');
		const again = await openBench({ disk });
		const kept = await again.storage.read(['meta', 'outbox'], async (transaction) => ({
			refusals: await readMeta(transaction, 'refusals'),
			removal: await transaction.get('outbox', removal.id)
		}));
		expect(kept.refusals).toMatchObject([
			{ code: 'stale-generation', about: { kind: 'messages', count: 2, field: '$flagged' } }
		]);
		expect(kept.removal?.state).toEqual({ kind: 'refused', code: 'stale-generation', detail: '' });
	});

	it('[R5] lets go of bodies and of the batch in flight where the history is another one', async () => {
		const { core, storage } = await openBench();
		await storage.write(['contents', 'meta'], 'relaxed', async (transaction) => {
			transaction.put('contents', 0, { text: 'x', html: null, parts: [], defects: [], parser: 1 });
			transaction.put('meta', 'inflight', { batch: 'b' as never, generation, changes: [], covers: [] });
		});
		await receiveOpening(core, opening({ cursor: { generation, seq: 3 } }));
		const kept = await storage.read(['contents', 'meta'], async (transaction) => ({
			content: await transaction.get('contents', 0),
			inflight: await readMeta(transaction, 'inflight')
		}));
		expect(kept.content).toBeDefined();
		expect(kept.inflight).toBeDefined();
		await receiveOpening(core, opening({ cursor: { generation: 'generation-2', seq: 3 } }));
		const left = await storage.read(['contents', 'meta'], async (transaction) => ({
			content: await transaction.get('contents', 0),
			inflight: await readMeta(transaction, 'inflight')
		}));
		expect(left).toEqual({ content: undefined, inflight: undefined });
	});
});
