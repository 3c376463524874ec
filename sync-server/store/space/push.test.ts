import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import { rangesOf } from '#schema/docs/ranges.ts';
import type { BatchId, DeviceId, DocumentId } from '#schema/ids.ts';
import type { PushedChange } from '#schema/protocol/messages.ts';
import type { Opening, Pack } from '#schema/space/entry.ts';
import { delivery, openTrialSpace, type TrialSpace } from '../trial/space.ts';
import type { PushAnswer } from './push.ts';

let space: TrialSpace;
const phone = 'phone' as DeviceId;
const laptop = 'laptop' as DeviceId;
const note = 'draft-a' as DocumentId;
const now = 1_000_000;

beforeEach(async () => {
	space = await openTrialSpace();
	await space.file.call('place', delivery(1));
	await space.file.call('place', delivery(2));
});
afterEach(() => space.close());

let lastBatch = 0;
function push(device: DeviceId, changes: readonly PushedChange[], batch = `batch-${(lastBatch += 1)}`) {
	return space.file.call('push', { device, batch: batch as BatchId, generation: space.generation, changes });
}

type RegisterPush = Extract<PushedChange, { kind: 'registers' }>;
function mark(
	arrivals: number[],
	field: string,
	value: RegisterPush['value'],
	stamp: Partial<RegisterPush['stamp']> = {}
): RegisterPush {
	return {
		kind: 'registers',
		key: 1,
		target: { kind: 'messages', arrivals: [...rangesOf(arrivals)] },
		field,
		value,
		stamp: { time: now - 1000, counter: 0, device: phone, ...stamp }
	};
}

const subject = (name: string, field: string, value: RegisterPush['value'], key = 1): RegisterPush => ({
	...mark([], field, value),
	key,
	target: { kind: 'subject', subject: name }
});

async function registers() {
	const pack = (await space.file.call('pack', { before: 10, count: 10 })) as Pack;
	return pack.registers.map(({ arrival, field, value, stamp }) => [
		arrival,
		field,
		value,
		stamp.time,
		stamp.counter
	]);
}

const opening = (): Promise<Opening> => space.file.call('opening');
const refused = (code: string, ...keys: number[]): PushAnswer =>
	({ kind: 'refused', code, keys }) as PushAnswer;

describe('rights', () => {
	it.each([
		['a field that is none', mark([0], 'subject', 'x'), 'not-permitted'],
		['a value the field cannot hold', mark([0], '$seen', 'yes'), 'malformed'],
		['a mailbox that is none', mark([0], 'mailbox', 'nowhere'), 'malformed'],
		['a message that never came', mark([1, 2], '$seen', true), 'unknown-subject'],
		['no message at all', mark([], '$seen', true), 'malformed'],
		['a subject that is none', subject('message:0', '$seen', true), 'not-permitted'],
		['a draft with an id that is none', subject('draft:a:b', 'subject', 'x'), 'not-permitted'],
		['a field no draft has', subject('draft:a', 'body', 'x'), 'not-permitted'],
		['a draft field of another type', subject('draft:a', 'generation', -1), 'malformed'],
		[
			'bytes that are no text update',
			{ kind: 'text', key: 1, document: note, update: new Uint8Array([1, 2, 3]) },
			'malformed'
		]
	] as const)('refuses %s, and the whole batch with it [S11]', async (_, change, code) => {
		const good = { ...mark([0], '$seen', true), key: 7 };
		expect(await push(phone, [good, change])).toEqual(refused(code, 1));
		expect(await registers()).toEqual([]);
		expect(space.heard).toHaveLength(2);
	});

	it('[S11] refuses a batch made against another history', async () => {
		const batch = {
			device: phone,
			batch: 'b' as BatchId,
			generation: 'other',
			changes: [mark([0], '$seen', true)]
		};
		expect(await space.file.call('push', batch)).toEqual(refused('stale-generation'));
	});
});

describe('registers', () => {
	it('[S15] overlays what a message came with, for the counters too', async () => {
		await push(phone, [
			mark([0], '$seen', true),
			mark([1], 'mailbox', 'trash', { counter: 1 }),
			mark([0], '$flagged', true, { counter: 2 })
		]);
		expect((await opening()).counters).toEqual({
			inbox: { total: 1, unread: 0 },
			followup: { total: 1, unread: 0 },
			trash: { total: 1, unread: 1 }
		});
	});

	it('[S15] lets the later stamp win, whichever comes first, and logs both', async () => {
		await push(phone, [mark([0], 'mailbox', 'archive', { time: now - 10 })]);
		await push(laptop, [mark([0], 'mailbox', 'trash', { time: now - 20, device: laptop })]);
		expect(await registers()).toEqual([[0, 'mailbox', 'archive', now - 10, 0]]);
		expect(space.heard.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
		expect((await opening()).counters).toMatchObject({ archive: { total: 1 }, inbox: { total: 1 } });
	});

	it('[S15] lets part of a set win where the rest holds later stamps', async () => {
		await push(phone, [mark([0], '$seen', false, { time: now - 10 })]);
		await push(laptop, [mark([0, 1], '$seen', true, { time: now - 20, device: laptop })]);
		expect(await registers()).toEqual([
			[0, '$seen', false, now - 10, 0],
			[1, '$seen', true, now - 20, 0]
		]);
	});

	it('[S19] holds drafts and settings, and gives them to a new replica', async () => {
		await push(phone, [subject('draft:a', 'to', ['Li', 'Han'], 1), subject('settings', 'language', 'zh', 2)]);
		expect(
			(await opening()).registers.map(({ subject: name, field, value }) => [name, field, value])
		).toEqual([
			['draft:a', 'to', ['Li', 'Han']],
			['settings', 'language', 'zh']
		]);
	});
});

describe('stamps', () => {
	it('[S13] moves a stamp from ahead of server time to it, in the order of the batch', async () => {
		const answer = await push(phone, [
			{ ...mark([0], '$seen', true, { time: now + 86_400_000, counter: 3 }), key: 1 },
			{ ...mark([1], '$seen', true, { time: now + 86_400_001 }), key: 2 },
			{ ...mark([1], '$flagged', true, { time: now + 5 }), key: 3 }
		]);
		expect(answer).toEqual({
			kind: 'acked',
			seq: 3,
			stamps: [0, 1, 2].map((counter) => ({ key: counter + 1, stamp: { time: now, counter, device: phone } }))
		});
		space.at(now + 50);
		const later = await push(laptop, [mark([0], '$seen', false, { time: now + 40, device: laptop })]);
		expect(later).toMatchObject({ stamps: [] });
		expect((await registers())[0]).toEqual([0, '$seen', false, now + 40, 0]);
	});

	it('[S14] gives one device no stamp twice, and keeps the time of what comes out of order', async () => {
		await push(phone, [mark([0], '$seen', true)]);
		const answer = await push(phone, [
			{ ...mark([1], '$seen', true), key: 9 },
			{ ...mark([1], '$flagged', true, { time: now - 2000 }), key: 10 }
		]);
		expect(answer).toMatchObject({
			stamps: [
				{ key: 9, stamp: { time: now - 1000, counter: 1_000_000_001 } },
				{ key: 10, stamp: { time: now - 2000, counter: 1_000_000_002 } }
			]
		});
	});

	it('[S14] writes the pushing device into the stamp, whatever the stamp said', async () => {
		const answer = await push(laptop, [mark([0], '$seen', true, { device: phone })]);
		expect(answer).toMatchObject({ stamps: [{ key: 1, stamp: { device: laptop } }] });
	});

	it('[S12] answers a repeated batch as the first time and writes nothing', async () => {
		const changes = [mark([0], '$seen', true, { time: now + 1 })];
		const first = await push(phone, changes, 'same');
		space.at(now + 500);
		expect(await push(phone, changes, 'same')).toEqual(first);
		expect(space.heard).toHaveLength(3);
		expect(await push(laptop, changes, 'same')).toMatchObject({ seq: 4 });
	});
});

describe('text', () => {
	function typed(text: string, from?: Y.Doc) {
		const doc = new Y.Doc();
		if (from !== undefined) Y.applyUpdate(doc, Y.encodeStateAsUpdate(from));
		const before = Y.encodeStateVector(doc);
		doc.getText('body').insert(doc.getText('body').length, text);
		return { doc, update: Y.encodeStateAsUpdate(doc, before) };
	}
	const change = (update: Uint8Array, document = note): PushedChange => ({
		kind: 'text',
		key: 1,
		document,
		update: new Uint8Array(update)
	});
	const shown = (state: Uint8Array) => {
		const doc = new Y.Doc();
		Y.applyUpdate(doc, state);
		return doc.getText('body').toJSON();
	};

	it('[S17] merges what several devices type, with a compaction now and then', async () => {
		const expected = new Y.Doc();
		for (let round = 0; round < 150; round += 1) {
			const { update } = typed(`${round} `, round % 3 === 0 ? undefined : expected);
			Y.applyUpdate(expected, update);
			await push(round % 2 === 0 ? phone : laptop, [change(update)]);
		}
		const { documents } = await opening();
		expect(documents.map(({ document }) => document)).toEqual([note]);
		expect(shown(documents[0]!.state)).toBe(expected.getText('body').toJSON());
	});

	it('[S17] folds large updates at once, and keeps them', async () => {
		const { update } = typed('x'.repeat(40_000));
		await push(phone, [change(update)]);
		expect(shown((await opening()).documents[0]!.state)).toHaveLength(40_000);
	});

	it('[S17] keeps an update whose predecessor has not come, until it comes', async () => {
		const first = typed('one ');
		const second = typed('two', first.doc);
		await push(phone, [change(second.update)]);
		for (let round = 0; round < 70; round += 1)
			await push(phone, [change(typed('x').update, 'other' as DocumentId)]);
		await push(phone, [change(first.update)]);
		const found = (await opening()).documents.find(({ document }) => document === note);
		expect(shown(found!.state)).toBe('one two');
	});

	it('[S17] refuses a document beyond its bound', async () => {
		const update = typed('x'.repeat(3_900_000)).update;
		const answers = [];
		for (let round = 0; round < 5; round += 1)
			answers.push((await push(phone, [change(typed('x'.repeat(3_900_000)).update)])).kind);
		expect(update.byteLength).toBeLessThan(4 << 20);
		expect(answers).toEqual(['acked', 'acked', 'acked', 'acked', 'refused']);
	});
});

describe('a set of messages', () => {
	it('[S16] is marked by one entry with one stamp', async () => {
		for (let number = 3; number < 1200; number += 1) await space.file.call('place', delivery(number));
		const before = space.heard.length;
		const all = Array.from({ length: 1199 }, (_, arrival) => arrival);
		await push(phone, [mark(all, '$seen', true)]);
		expect(space.heard.length - before).toBe(1);
		expect(space.heard.at(-1)?.changes).toMatchObject([{ target: { arrivals: [0, 1199] } }]);
		expect((await opening()).counters).toEqual({ inbox: { total: 1199, unread: 0 } });
		const pack = (await space.file.call('pack', { before: 1199, count: 500 })) as Pack;
		expect(new Set(pack.registers.map(({ stamp }) => JSON.stringify(stamp))).size).toBe(1);
	});

	it('[S16] may have many gaps', async () => {
		for (let number = 3; number <= 400; number += 1) await space.file.call('place', delivery(number));
		const odd = Array.from({ length: 200 }, (_, index) => index * 2 + 1);
		await push(phone, [mark(odd, 'mailbox', 'archive')]);
		expect((await opening()).counters).toMatchObject({ archive: { total: 200 }, inbox: { total: 200 } });
	});
});
