import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as Y from 'yjs';
import type { BatchId, DeviceId, DocumentId } from '#schema/ids.ts';
import type { RegisterValue } from '#schema/docs/registers.ts';
import type { PushedChange } from '#schema/protocol/messages.ts';
import type { Entry } from '#schema/space/entry.ts';
import { openTrialSpace, type TrialSpace } from '../trial/space.ts';

const draft = 'draft-1' as DocumentId;
const [phone, laptop] = ['phone' as DeviceId, 'laptop' as DeviceId];

let space: TrialSpace;
let batches = 0;
beforeEach(async () => {
	space = await openTrialSpace();
});
afterEach(() => space.close());

async function push(device: DeviceId, ...changes: readonly PushedChange[]): Promise<void> {
	batches += 1;
	const batch = `batch-${batches}` as BatchId;
	const { generation } = space;
	expect((await space.file.call('push', { device, batch, generation, changes })).kind).toBe('acked');
}

function field(name: string, value: RegisterValue, time: number, device = phone): PushedChange {
	return {
		...{ kind: 'registers', key: time, target: { kind: 'subject', subject: `draft:${draft}` } },
		...{ field: name, value: value as string, stamp: { time, counter: 0, device } }
	};
}

function text(words: string, client = 1): PushedChange {
	const document = new Y.Doc();
	document.clientID = client;
	document.getText('body').insert(0, words);
	return { kind: 'text', key: 1, document: draft, update: new Uint8Array(Y.encodeStateAsUpdate(document)) };
}

/** What the entries of the log that no device made say of the draft: its fields, and its words. */
function toldWhole(): readonly (readonly [fields: readonly string[], words: string])[] {
	const own = space.heard.filter(({ device }: Entry) => device === null);
	return own.map(({ changes }) => {
		const document = new Y.Doc();
		const fields = changes.flatMap((change) => {
			if (change.kind === 'text') Y.applyUpdate(document, change.update);
			return change.kind === 'registers'
				? [`${change.field} ${String(change.value)} ${change.stamp.time}`]
				: [];
		});
		return [fields.sort(), document.getText('body').toJSON()];
	});
}

describe('a draft that was gone', () => {
	beforeEach(async () => {
		await push(phone, text('base'), field('subject', 'Plans', 10), field('savedAt', 1, 11));
		await push(phone, field('deleted', true, 20));
	});

	it('[S47] is logged whole after the batch that brings it back', async () => {
		await push(laptop, text('late', 2), field('deleted', false, 30, laptop));
		expect(toldWhole()).toEqual([[['deleted false 30', 'savedAt 1 11', 'subject Plans 10'], 'baselate']]);
		expect(space.heard.map(({ seq, device }) => [seq, device])).toEqual([
			[1, phone],
			[2, phone],
			[3, laptop],
			[4, null]
		]);
	});

	it('[S47] is not where it was there already, or is removed once more', async () => {
		await push(laptop, field('deleted', true, 40, laptop));
		expect(toldWhole()).toEqual([]);
		await push(laptop, field('deleted', false, 50, laptop));
		expect(toldWhole()).toHaveLength(1);
		await push(laptop, field('deleted', false, 60, laptop));
		await push(laptop, field('subject', 'More plans', 61, laptop), text('late', 2));
		expect(toldWhole()).toHaveLength(1);
	});

	it('[S47] is told to be gone, and how often it was sent, after what is written to it late', async () => {
		await push(phone, field('generation', 1, 21));
		await push(laptop, field('savedAt', 5, 30, laptop), text('late', 2));
		await push(laptop, field('deleted', false, 15, laptop));
		const told = [['deleted true 20', 'generation 1 21'], ''];
		expect(toldWhole()).toEqual([told, told, told]);
	});

	it('[S47] is told without a text that goes into no frame', async () => {
		for (let part = 0; part < 3; part += 1) await push(phone, text('x'.repeat(2 << 20), 10 + part));
		await push(laptop, field('deleted', false, 30, laptop));
		expect(toldWhole()).toEqual([[['deleted false 30', 'savedAt 1 11', 'subject Plans 10'], '']]);
	});
});
