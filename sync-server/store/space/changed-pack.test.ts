import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { rangesOf } from '#schema/docs/ranges.ts';
import type { BatchId, CommandId, DeviceId, DocumentId } from '#schema/ids.ts';
import type { PushedChange } from '#schema/protocol/messages.ts';
import type { ChangedPack } from '#schema/space/entry.ts';
import { delivery, openTrialSpace, parsedLetter, type TrialSpace } from '../trial/space.ts';

let space: TrialSpace;
const phone = 'phone' as DeviceId;
let batches = 0;
beforeEach(async () => {
	space = await openTrialSpace();
});
afterEach(() => space.close());

async function place(from: number, to: number): Promise<void> {
	for (let number = from; number < to; number += 1) await space.file.call('place', delivery(number));
}

async function push(...changes: readonly PushedChange[]): Promise<void> {
	batches += 1;
	const batch = `batch-${batches}` as BatchId;
	const answer = await space.file.call('push', {
		device: phone,
		batch,
		generation: space.generation,
		changes
	});
	expect(answer.kind).toBe('acked');
}

function marking(arrivals: readonly number[], field: string, value: string | boolean, time: number) {
	return {
		kind: 'registers',
		key: time,
		target: { kind: 'messages', arrivals: [...rangesOf(arrivals)] },
		field,
		value,
		stamp: { time, counter: 0, device: phone }
	} satisfies PushedChange;
}

async function changed(since: number, before = 1e9, count = 1000): Promise<ChangedPack> {
	const pack = await space.file.call('changed-pack', { since, before, count });
	if (pack === 'done') throw new Error('there was nothing');
	return pack;
}

describe('what changed since an entry', () => {
	it('[S44] is what came with its facts, and of what was there its registers and its thread', async () => {
		await place(0, 4);
		await push(marking([1], '$flagged', true, 10));
		await place(4, 6);
		await push(marking([2, 5], '$seen', true, 20));
		expect(await changed(5)).toMatchObject({
			cursor: { generation: space.generation, seq: 8 },
			from: 0,
			to: 6,
			arrived: [{ arrival: 5 }, { arrival: 4 }],
			threads: [
				[5, 5],
				[4, 4],
				[2, 2]
			],
			registers: [
				{ arrival: 2, field: '$seen', value: true, stamp: { time: 20, device: 'phone' } },
				{ arrival: 5, field: '$seen', value: true }
			],
			withdrawn: []
		});
		expect(await changed(8)).toMatchObject({ from: 0, to: 6, arrived: [], threads: [], registers: [] });
		expect(await space.file.call('changed-pack', { since: 0, before: 0, count: 1 })).toBe('done');
	});

	it('[S44] tells of withdrawals, also of what came and went since, and of joins', async () => {
		const joining = (number: number, messageId: string, references: string[] = []) =>
			space.file.call(
				'place',
				delivery(number, { parsed: parsedLetter({ messageId, references }, `${number}`) })
			);
		await joining(0, 'a');
		await joining(1, 'b');
		await place(2, 4);
		await push(marking([2, 3], 'mailbox', 'trash', 10));
		await joining(4, 'c', ['a', 'b']);
		const { cursor } = await space.file.call('opening');
		await space.file.call('purge', {
			command: 'p' as CommandId,
			device: phone,
			arrivals: [2, 2],
			seen: cursor
		});
		const pack = await changed(3);
		expect(pack.withdrawn).toEqual([2, 2]);
		expect(pack.threads).toEqual([
			[4, 0],
			[1, 0]
		]);
		expect(pack.arrived.map(({ arrival }) => arrival)).toEqual([4]);
		expect(pack.registers).toEqual([]);
	});

	it('[S44] comes in packs, newest first, no message twice and none left out', async () => {
		await place(0, 9);
		await push(marking([0, 3, 4], '$seen', true, 10));
		const packs: ChangedPack[] = [];
		for (let before = 1e9; before > 0; before = packs.at(-1)?.from ?? 0) {
			packs.push(await changed(6, before, 2));
		}
		expect(packs.map(({ from, to, threads }) => [from, to, ...threads.map(([arrival]) => arrival)])).toEqual([
			[7, 9, 8, 7],
			[4, 7, 6, 4],
			[0, 4, 3, 0]
		]);
	});
});

describe('the opening since an entry', () => {
	const text = (content: string): Uint8Array<ArrayBuffer> => {
		const document = new Y.Doc();
		document.getText('body').insert(0, content);
		return new Uint8Array(Y.encodeStateAsUpdate(document));
	};
	const writing = (document: string): PushedChange => ({
		kind: 'text',
		key: 1,
		document: document as DocumentId,
		update: text(document)
	});
	const draft = (
		id: string,
		field: string,
		value: string | boolean | number,
		time: number
	): PushedChange => ({
		...marking([0], field, '', time),
		value,
		target: { kind: 'subject', subject: `draft:${id}` }
	});

	it('[S44] holds the documents that changed since, and the removal and sending of drafts long gone', async () => {
		const month = 31 * 24 * 3600 * 1000;
		await push(writing('old'));
		await push(
			...[writing('gone'), draft('gone', 'subject', 'x', 10), draft('gone', 'generation', 1, 11)],
			draft('gone', 'deleted', true, 12)
		);
		await push(writing('new'), draft('new', 'subject', 'y', 13));
		space.at(1_000_000 + month);
		const opening = await space.file.call('opening-since', { since: 1 });
		expect(opening.documents.map(({ document }) => document)).toEqual(['new']);
		const names = opening.registers.map(({ subject, field }) => `${subject} ${field}`).sort();
		expect(names).toEqual(['draft:gone deleted', 'draft:gone generation', 'draft:new subject']);
		expect((await space.file.call('opening')).registers).toHaveLength(1);
		expect(opening).toMatchObject({ cursor: { seq: 3 }, arrivals: 0 });
	});
});
