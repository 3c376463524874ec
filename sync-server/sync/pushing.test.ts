import { describe, expect, it } from 'vitest';
import { applyUpdate, Doc, encodeStateAsUpdate } from 'yjs';
import type { DocumentId, SpaceId } from '#schema/ids.ts';
import { marking, writing } from './trial/changes.ts';
import { openStage, settled, trialStart, type Stage, type TrialDevice } from './trial/stage.ts';

async function greeted(stage: Stage, id = 'a', account = {}): Promise<TrialDevice> {
	const device = stage.device(id, account);
	await device.hello();
	return device;
}

async function push(
	stage: Stage,
	device: TrialDevice,
	changes: readonly unknown[],
	more = {}
): Promise<void> {
	const generation = await stage.generation();
	device.send('push', { batch: 'b1', space: stage.space, generation, changes, ...more });
	await settled();
}

function text(content: string): Uint8Array {
	const document = new Doc();
	document.getText('body').insert(0, content);
	return encodeStateAsUpdate(document);
}

function textOf(state: Uint8Array | null): string {
	const document = new Doc();
	if (state !== null) applyUpdate(document, state);
	return document.getText('body').toJSON();
}

describe('changes from a device', () => {
	it('[W16] are acked after they are in the log, as the device’s own', async () => {
		const stage = await openStage();
		await stage.place();
		const device = await greeted(stage);
		await push(stage, device, [marking(1, 0, 'a'), writing(2, 'draft-1', text('你好'))]);
		expect(device.received('acked')).toEqual([{ batch: 'b1', space: stage.space, seq: 2, stamps: [] }]);
		const log = await stage.file.call('entries', { after: 1, limitBytes: 1 });
		expect(log).toMatchObject({
			head: 2,
			entries: [{ device: 'a', changes: [{ kind: 'registers' }, { kind: 'text' }] }]
		});
		const state = await stage.file.call('document', { document: 'draft-1' as DocumentId });
		expect(textOf(state)).toBe('你好');
	});

	it('[W16] get the stamps back that the server replaced', async () => {
		const stage = await openStage();
		await stage.place();
		const device = await greeted(stage);
		await push(stage, device, [marking(7, 0, 'a', { time: trialStart + 86_400_000 })]);
		const [acked] = device.received('acked');
		expect(acked?.stamps).toMatchObject([{ key: 7, stamp: { device: 'a' } }]);
		expect(acked?.stamps[0]?.stamp.time).toBeLessThanOrEqual(trialStart);
	});

	it('[W16] are refused whole where one may not be made, and it is named', async () => {
		const stage = await openStage();
		await stage.place(2);
		const device = await greeted(stage);
		await push(stage, device, [
			marking(1, 0, 'a'),
			marking(2, 1, 'a', { field: 'subject' }),
			marking(3, 0, 'a', { field: 'thread' })
		]);
		expect(device.received('refused')).toEqual([
			{ batch: 'b1', space: stage.space, code: 'not-permitted', keys: [2, 3] }
		]);
		await push(stage, device, [marking(4, 99, 'a')]);
		expect(device.received('refused')[1]).toMatchObject({ code: 'unknown-subject', keys: [4] });
		await push(stage, device, [marking(5, 0, 'a')], { generation: 'another' });
		expect(device.received('refused')[2]).toMatchObject({ code: 'stale-generation' });
		expect((await stage.file.call('head')).seq).toBe(2);
	});

	it('[W16] are refused as storage-full on a full disk, and taken when there is room', async () => {
		const stage = await openStage({ limits: { space: { maxPages: 60 } } });
		const device = await greeted(stage);
		await push(stage, device, [writing(1, 'large', text('x'.repeat(400_000)))]);
		expect(device.received('refused')).toEqual([
			{ batch: 'b1', space: stage.space, code: 'storage-full', keys: [] }
		]);
		await push(stage, device, [writing(2, 'small', text('x'))], { batch: 'b2' });
		expect(device.received('acked')).toMatchObject([{ batch: 'b2', seq: 1 }]);
		expect(stage.failures).toEqual([]);
	});

	it('[W16] are refused as internal by a failure, which is logged', async () => {
		const stage = await openStage();
		const device = await greeted(stage);
		await stage.store.close();
		device.send('push', { batch: 'b', space: stage.space, generation: 'g', changes: [marking(1, 0, 'a')] });
		await settled();
		expect(device.received('refused')).toMatchObject([{ code: 'internal' }]);
		expect(stage.failures).toHaveLength(1);
	});

	it('[W17] are refused for a space that is not the account’s, or only to be read', async () => {
		const stage = await openStage();
		await stage.place();
		const stranger = await greeted(stage, 'stranger');
		await push(stage, stranger, [marking(1, 0, 'stranger')], { space: 'space-of-wang' as SpaceId });
		expect(stranger.received('refused')).toMatchObject([{ code: 'unknown-space', keys: [1] }]);
		const spaces = [{ space: stage.space, kind: 'mailbox' as const, access: 'read' as const }];
		const reader = await greeted(stage, 'reader', { spaces });
		await push(stage, reader, [marking(2, 0, 'reader')]);
		expect(reader.received('refused')).toMatchObject([{ code: 'not-permitted', keys: [2] }]);
		expect((await stage.file.call('head')).seq).toBe(1);
	});

	it('[W18] of the wrong shape refuse their batch and are named; the connection stays', async () => {
		const stage = await openStage();
		await stage.place();
		const device = await greeted(stage);
		const bad = { ...marking(2, 0, 'a'), value: { nested: true } };
		await push(stage, device, [marking(1, 0, 'a'), bad, { key: 3, kind: 'text', document: 'd' }, 'nonsense']);
		expect(device.received('refused')).toMatchObject([{ code: 'malformed', keys: [2, 3] }]);
		expect(device.closeCode).toBeNull();
	});

	it('[W35] are refused where they write too many registers together, and those beyond are named', async () => {
		const stage = await openStage();
		await stage.place();
		const device = await greeted(stage);
		const bulk = (key: number, count: number) => ({
			...marking(key, 0, 'a'),
			target: { kind: 'messages', arrivals: [0, count] }
		});
		await push(stage, device, [bulk(1, 999_999), bulk(2, 2), marking(3, 0, 'a'), bulk(4, 5)]);
		await push(stage, device, [bulk(1, 1_000_001)], { batch: 'b2' });
		// There is one message; that so many are none is found out only by trying.
		expect(device.received('refused')).toMatchObject([
			{ batch: 'b1', code: 'too-large', keys: [2, 4] },
			{ batch: 'b2', code: 'unknown-subject', keys: [1] }
		]);
		expect((await stage.file.call('entries', { after: 1, limitBytes: 1 })).kind).toBe('entries');
	});

	it('[W19] are written once however often the batch comes, in the order they came', async () => {
		const stage = await openStage();
		await stage.place();
		const device = await greeted(stage);
		const generation = await stage.generation();
		for (const batch of ['b1', 'b2', 'b1', 'b3']) {
			device.send('push', { batch, space: stage.space, generation, changes: [marking(1, 0, 'a')] });
		}
		await settled();
		expect(device.received('acked').map(({ batch, seq }) => [batch, seq])).toEqual([
			['b1', 2],
			['b2', 3],
			['b1', 2],
			['b3', 4]
		]);
	});
});
