import { describe, expect, it } from 'vitest';
import type { BatchId, SpaceId } from '#schema/ids.ts';
import type { PushFrame } from '#schema/protocol/messages.ts';
import { writeMessages } from '../changes/actions.ts';
import { receiveEntries } from '../log/receive-entries.ts';
import { openBench, type BenchOptions } from '../trial/bench.ts';
import { arrived, stretch } from '../trial/letters.ts';
import { Pusher } from './pusher.ts';

const space = 'space' as SpaceId;

async function openPusher(options: BenchOptions = {}) {
	const bench = await openBench(options);
	const { core, clock } = bench;
	if (core.memory.columns.row(0) === undefined)
		await receiveEntries(core, stretch(1, arrived(0), arrived(1)));
	const sent: PushFrame[] = [];
	const connection = { isOpen: true };
	const pusher = new Pusher(core, space, (frame) => {
		if (connection.isOpen) sent.push(frame);
		return connection.isOpen;
	});
	core.notices.add(({ kind }) => {
		if (kind === 'pending') pusher.kick();
	});
	const ack = (frame: PushFrame | undefined) =>
		pusher.acked({ batch: frame?.batch ?? ('' as never), space, seq: 3, stamps: [] });
	return { ...bench, pusher, sent, connection, ack, rest: () => clock.advance(0) };
}

describe('pushing', () => {
	it('[R13] has one batch in flight; what is written meanwhile goes in the next', async () => {
		const { core, pusher, sent, ack, rest } = await openPusher();
		pusher.connected();
		await writeMessages(core, [0], '$seen', true);
		await rest();
		await writeMessages(core, [1], '$seen', true);
		await rest();
		expect(sent).toHaveLength(1);
		await ack(sent[0]);
		await rest();
		expect(sent.map(({ changes }) => changes.map(({ key }) => key))).toEqual([[1], [2]]);
		await ack(sent[1]);
		await rest();
		expect(core.memory.pending.size).toBe(0);
		expect(sent).toHaveLength(2);
	});

	it('[R13] sends an unanswered batch again, unaltered, on the next connection and in the next life', async () => {
		const first = await openPusher();
		first.pusher.connected();
		await writeMessages(first.core, [0], '$seen', true);
		await first.rest();
		await writeMessages(first.core, [0], '$seen', false);
		first.pusher.disconnected();
		first.pusher.connected();
		await first.rest();
		expect(first.sent).toHaveLength(2);
		expect(first.sent[1]).toEqual(first.sent[0]);
		const second = await openPusher({ disk: first.disk });
		second.clock.set(second.clock.now() + 5_000_000);
		second.pusher.connected();
		await second.rest();
		expect(second.sent[0]).toEqual(first.sent[0]);
	});

	it('[R14] makes no batch before there is a connection to know the server’s time by', async () => {
		const { core, clock, pusher, sent, rest } = await openPusher();
		await writeMessages(core, [0], '$seen', true);
		pusher.kick();
		await rest();
		core.serverOffset = -60_000;
		const server = clock.now() - 60_000;
		pusher.connected();
		await rest();
		const [change] = sent[0]?.changes ?? [];
		expect(change?.kind === 'registers' && change.stamp.time).toBe(server);
	});

	it('[R16] tries a refusal that passes again after a while, unaltered', async () => {
		const { core, clock, pusher, sent, rest } = await openPusher();
		pusher.connected();
		await writeMessages(core, [0], '$seen', true);
		await rest();
		const batch = sent[0]?.batch ?? ('' as never);
		expect(await pusher.refused({ batch, space, code: 'storage-full', keys: [] })).toBe(false);
		pusher.kick();
		await rest();
		expect(sent).toHaveLength(1);
		await clock.advance(5_000);
		expect(sent).toHaveLength(2);
		expect(sent[1]).toEqual(sent[0]);
		expect(core.memory.pending.size).toBe(1);
	});

	it('[R16] sends the rest of a refused batch under another id', async () => {
		const { core, pusher, sent, rest } = await openPusher();
		await writeMessages(core, [0], '$seen', true);
		await writeMessages(core, [1], '$flagged', true);
		pusher.connected();
		await rest();
		await pusher.refused({ batch: sent[0]?.batch ?? ('' as never), space, code: 'not-permitted', keys: [1] });
		await rest();
		expect(sent[1]?.changes.map(({ key }) => key)).toEqual([2]);
		expect(sent[1]?.batch).not.toBe(sent[0]?.batch);
	});

	it('[R82] makes a batch anew that an earlier version made too large; nothing of it is dropped', async () => {
		const { core, pusher, sent, storage, rest } = await openPusher();
		await writeMessages(core, [0], '$seen', true);
		await writeMessages(core, [1], '$flagged', true);
		const changes = [...core.memory.pending.values()].flatMap((change) =>
			change.kind === 'registers'
				? [{ ...change, target: { kind: 'messages' as const, arrivals: [0, 600_000] }, value: true }]
				: []
		);
		const covers = changes.map(({ key }) => ({ key, rows: [key] }));
		const batch = 'made-earlier' as BatchId;
		await storage.write(['meta'], 'strict', async (transaction) => {
			transaction.put('meta', 'inflight', { batch, generation: 'g', changes, covers });
		});
		pusher.connected();
		await rest();
		expect(sent.map((frame) => frame.batch)).toEqual([batch]);
		await pusher.refused({ batch, space, code: 'too-large', keys: [2] });
		await rest();
		expect(sent[1]?.changes.map(({ key }) => key)).toEqual([1, 2]);
		expect(core.memory.pending.size).toBe(2);
	});

	it('[R16] asks for the space to be opened anew where its history is another one', async () => {
		const { core, pusher, sent, rest } = await openPusher();
		pusher.connected();
		await writeMessages(core, [0], '$seen', true);
		await rest();
		const batch = sent[0]?.batch ?? ('' as never);
		expect(await pusher.refused({ batch, space, code: 'stale-generation', keys: [] })).toBe(true);
		expect(core.memory.pending.size).toBe(1);
		pusher.kick();
		await rest();
		expect(sent[1]?.batch).not.toBe(batch);
	});

	it('[R13] does not take a batch for sent that the connection did not carry', async () => {
		const { core, pusher, sent, connection, rest } = await openPusher();
		connection.isOpen = false;
		pusher.connected();
		await writeMessages(core, [0], '$seen', true);
		await rest();
		connection.isOpen = true;
		pusher.kick();
		await rest();
		expect(sent).toHaveLength(1);
	});
});
