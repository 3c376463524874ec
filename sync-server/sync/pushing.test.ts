import { describe, expect, it, vi } from 'vitest';
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

	/** Marks the first so many messages, each field as often as it takes to write that many registers. */
	const bulk = (key: number, count: number, field = '$seen') => ({
		...marking(key, 0, 'a', { field, time: trialStart + key }),
		target: { kind: 'messages', arrivals: [0, count] }
	});

	/** More than a million registers of these messages. */
	const overAMillion = (messages: number) =>
		Array.from({ length: Math.ceil(1_000_000 / messages) + 1 }, (_, index) =>
			bulk(index + 1, messages, index % 2 === 0 ? '$seen' : '$flagged')
		);

	it('[W35] are taken however many registers they write together, in several entries and answered once', async () => {
		const stage = await openStage();
		await stage.place(500);
		stage.time.now += 86_400_000;
		const device = await greeted(stage);
		const changes = [...overAMillion(500), writing(9_999, 'draft-1', text('你好'))];
		await push(stage, device, changes);
		await vi.waitFor(() => expect(device.received('acked')).toHaveLength(1), 50_000);
		expect(device.received('acked')).toEqual([{ batch: 'b1', space: stage.space, seq: 502, stamps: [] }]);
		await push(stage, device, changes);
		expect(device.received('acked')[1]).toEqual(device.received('acked')[0]);
		const log = await stage.file.call('entries', { after: 500, limitBytes: 1 << 30 });
		const pushed = log.kind === 'entries' ? log.entries.map(({ changes: { length } }) => length) : [];
		expect(pushed).toEqual([2000, 2]);
	}, 60_000);

	it('[W35] are refused whole where one may not be made, however far behind it is', async () => {
		const stage = await openStage();
		await stage.place(500);
		const device = await greeted(stage);
		await push(stage, device, [...overAMillion(500), bulk(9_999, 501)]);
		expect(device.received('refused')).toMatchObject([{ code: 'unknown-subject', keys: [9_999] }]);
		expect((await stage.file.call('head')).seq).toBe(500);
	});

	it('[W35] that write more than that alone are tried like any other', async () => {
		const stage = await openStage();
		await stage.place();
		const device = await greeted(stage);
		await push(stage, device, [bulk(1, 1_000_001)]);
		// There is one message; that so many are none is found out only by trying.
		expect(device.received('refused')).toMatchObject([{ code: 'unknown-subject', keys: [1] }]);
	});

	it('[W35] are gone on with where they broke off, when the device comes again', async () => {
		const stage = await openStage();
		await stage.place(500);
		stage.time.now += 86_400_000;
		const device = await greeted(stage);
		const changes = overAMillion(500);
		// The session ends when the first part is in.
		stage.store.subscribe(() => device.connection.signedOut());
		await push(stage, device, changes, { batch: 'b2' });
		await vi.waitFor(() => expect(device.closeCode).toBe(4401), 50_000);
		await settled();
		expect(device.received('acked')).toEqual([]);
		expect((await stage.file.call('head')).seq).toBe(501);
		const again = await greeted(stage);
		await push(stage, again, changes, { batch: 'b2' });
		await vi.waitFor(() => expect(again.received('acked')).toHaveLength(1), 50_000);
		expect(again.received('acked')).toMatchObject([{ batch: 'b2', seq: 502 }]);
	}, 60_000);

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
