import { afterEach, describe, expect, it } from 'vitest';
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import { applyUpdate, Doc, encodeStateAsUpdate, encodeStateVector } from 'yjs';
import type { DocumentId } from '#schema/ids.ts';
import { mostLiveChannels } from '#schema/protocol/frames.ts';
import { awarenessLimits } from './awareness.ts';
import { awarenessMessage, step1Message, step2Message, updateMessage } from './live-message.ts';
import { marking, writing } from '../trial/changes.ts';
import { openStage, settled, type Stage, type TrialDevice } from '../trial/stage.ts';

const channel = 1;
const draft = 'draft-1' as DocumentId;

/** A device with a document and an open channel, which answers as a y-websocket client does. */
interface Writer {
	readonly device: TrialDevice;
	readonly document: Doc;
	text(): string;
	type(text: string): void;
	/** Takes in what came on the channel; answers the server's step 1. */
	readAll(): void;
	readonly denials: number;
}

async function writer(stage: Stage, id: string, account = {}): Promise<Writer> {
	const device = stage.device(id, account);
	await device.hello();
	device.send('open', { channel, space: stage.space, document: draft });
	await settled();
	const document = new Doc();
	document.clientID = id.charCodeAt(0);
	let read = 0;
	let denials = 0;
	document.on('update', (update: Uint8Array, origin: unknown) => {
		if (origin !== 'server') device.sendLive(channel, updateMessage(update));
	});
	device.sendLive(channel, step1Message(encodeStateVector(document)));
	const take = (message: Uint8Array) => {
		const decoder = decoding.createDecoder(message);
		const type = decoding.readVarUint(decoder);
		if (type === 2) denials += 1;
		if (type !== 0) return;
		const step = decoding.readVarUint(decoder);
		const bytes = decoding.readVarUint8Array(decoder);
		if (step === 0) device.sendLive(channel, step2Message(encodeStateAsUpdate(document, bytes)));
		else applyUpdate(document, bytes, 'server');
	};
	const readAll = () => {
		for (const message of device.live(channel).slice(read)) take(message);
		read = device.live(channel).length;
	};
	readAll();
	return {
		device,
		document,
		readAll,
		text: () => document.getText('body').toJSON(),
		type: (text) => document.getText('body').insert(document.getText('body').length, text),
		get denials() {
			return denials;
		}
	};
}

async function stored(stage: Stage): Promise<string> {
	const state = await stage.file.call('document', { document: draft });
	const document = new Doc();
	if (state !== null) applyUpdate(document, state);
	return document.getText('body').toJSON();
}

async function allRead(...writers: Writer[]): Promise<void> {
	for (let round = 0; round < 4; round += 1) {
		for (const each of writers) each.readAll();
		await settled();
	}
}

function textUpdate(text: string): Uint8Array {
	const document = new Doc();
	document.getText('body').insert(0, text);
	return encodeStateAsUpdate(document);
}

function announcement(...claims: [client: number, clock: number, state: unknown][]): Uint8Array {
	return encoding.encode((encoder) => {
		encoding.writeVarUint(encoder, claims.length);
		for (const [client, clock, state] of claims) {
			encoding.writeVarUint(encoder, client);
			encoding.writeVarUint(encoder, clock);
			encoding.writeVarString(encoder, JSON.stringify(state));
		}
	});
}

/** Clients and states that a device heard of, the last word of each. */
function heardOf({ device }: Writer): Record<number, unknown> {
	const heard: Record<number, unknown> = {};
	for (const message of device.live(channel)) {
		const decoder = decoding.createDecoder(message);
		if (decoding.readVarUint(decoder) !== 1) continue;
		const inner = decoding.createDecoder(decoding.readVarUint8Array(decoder));
		for (let left = decoding.readVarUint(inner); left > 0; left -= 1) {
			const client = decoding.readVarUint(inner);
			decoding.readVarUint(inner);
			heard[client] = JSON.parse(decoding.readVarString(inner));
		}
	}
	return heard;
}

const documents: Doc[] = [];
afterEach(() => {
	for (const document of documents.splice(0)) document.destroy();
});

describe('live channels', () => {
	it('[W25] tell the access, and none to a space that is another’s', async () => {
		const stage = await openStage();
		const device = stage.device('a');
		await device.hello();
		device.send('open', { channel: 1, space: stage.space, document: draft });
		device.send('open', { channel: 2, space: 'space-of-wang', document: draft });
		await settled();
		expect(device.received('opened')).toEqual([
			{ channel: 2, access: 'none' },
			{ channel: 1, access: 'write' }
		]);
		expect(stage.hub.rooms).toBe(1);
	});

	it('[W26] are ignored where they are not open, and bounded in number', async () => {
		const stage = await openStage();
		const device = stage.device('a');
		await device.hello();
		device.sendLive(5, updateMessage(textUpdate('nowhere')));
		for (let number = 1; number <= mostLiveChannels + 1; number += 1) {
			device.send('open', { channel: number, space: stage.space, document: `d${number}` });
		}
		await settled();
		expect(device.received('opened').filter(({ access }) => access === 'none')).toEqual([
			{ channel: mostLiveChannels + 1, access: 'none' }
		]);
		device.send('close', { channel: 1 });
		device.sendLive(1, updateMessage(textUpdate('late')));
		await settled();
		expect(device.closeCode).toBeNull();
		expect(stage.hub.rooms).toBe(mostLiveChannels - 1);
	});

	it('[W26] are opened anew under their number', async () => {
		const stage = await openStage();
		const device = stage.device('a');
		await device.hello();
		for (const document of ['d1', 'd2', 'd3']) device.send('open', { channel, space: stage.space, document });
		await settled();
		expect(device.received('opened')).toEqual([{ channel, access: 'write' }]);
		expect(stage.hub.rooms).toBe(1);
	});

	it('[W27] begin with the stored document and leave nothing behind', async () => {
		const stage = await openStage();
		await stage.push('b', [writing(1, draft, textUpdate('written before'))]);
		const a = await writer(stage, 'a');
		await allRead(a);
		expect(a.text()).toBe('written before');
		a.type(', and more');
		stage.hub.disconnected(a.device.connection);
		await settled();
		expect(stage.hub.rooms).toBe(0);
		expect(await stored(stage)).toBe('written before, and more');
	});

	it('[W28] bring changes to the others and into the log, as the device’s own', async () => {
		const stage = await openStage();
		const [a, b] = [await writer(stage, 'a'), await writer(stage, 'b', { session: 'session-2' })];
		a.type('你好');
		b.readAll();
		expect(b.text()).toBe('你好');
		b.type('，世界');
		await allRead(a, b);
		expect(a.text()).toBe('你好，世界');
		expect(await stored(stage)).toBe('你好，世界');
		const log = await stage.file.call('entries', { after: 0, limitBytes: 1 << 20 });
		expect(log.kind === 'entries' && log.entries.map(({ device }) => device)).toEqual(['a', 'b']);
	});

	it('[W28] merge what comes while one change is being written', async () => {
		const stage = await openStage();
		const a = await writer(stage, 'a');
		for (const letter of 'many letters') a.type(letter);
		await settled();
		expect(await stored(stage)).toBe('many letters');
		expect((await stage.file.call('head')).seq).toBeLessThan(4);
	});

	it('[W28] end where their changes can’t be logged, for all who are in the room', async () => {
		const stage = await openStage({ limits: { space: { maxPages: 60 } } });
		const [a, b] = [await writer(stage, 'a'), await writer(stage, 'b')];
		a.type('x'.repeat(500_000));
		await settled();
		expect(a.device.received('opened')).toEqual([
			{ channel, access: 'write' },
			{ channel, access: 'none' }
		]);
		expect(b.device.received('opened').at(-1)).toEqual({ channel, access: 'none' });
		expect([a.device.closeCode, stage.hub.rooms]).toEqual([null, 0]);
	});

	it('[W29] bring in what comes by the log from elsewhere', async () => {
		const stage = await openStage();
		const a = await writer(stage, 'a');
		await stage.push('offline', [writing(1, draft, textUpdate('from a train'))]);
		await allRead(a);
		expect(a.text()).toBe('from a train');
		expect((await stage.file.call('head')).seq).toBe(1);
	});

	it('[W29] miss nothing that is logged while the room is being made', async () => {
		const stage = await openStage();
		const device = stage.device('a');
		await device.hello();
		device.send('open', { channel, space: stage.space, document: draft });
		await stage.push('offline', [writing(1, draft, textUpdate('in between'))]);
		await settled();
		device.sendLive(channel, step1Message(encodeStateVector(new Doc())));
		const document = new Doc();
		for (const message of device.live(channel)) {
			const decoder = decoding.createDecoder(message);
			decoding.readVarUint(decoder);
			if (decoding.readVarUint(decoder) > 0) applyUpdate(document, decoding.readVarUint8Array(decoder));
		}
		expect(document.getText('body').toJSON()).toBe('in between');
	});

	it('[W30] give a reader everything and take nothing from it', async () => {
		const stage = await openStage();
		await stage.push('b', [writing(1, draft, textUpdate('to be read'))]);
		const spaces = [{ space: stage.space, kind: 'mailbox' as const, access: 'read' as const }];
		const [reader, owner] = [await writer(stage, 'r', { spaces }), await writer(stage, 'o')];
		expect(reader.device.received('opened')).toEqual([{ channel, access: 'read' }]);
		expect(reader.device.live(channel).some((message) => message[0] === 0 && message[1] === 0)).toBe(false);
		reader.device.sendLive(channel, step2Message(new Uint8Array([0, 0])));
		await allRead(reader, owner);
		expect([reader.text(), reader.denials]).toEqual(['to be read', 0]);
		reader.type('!');
		owner.type('.');
		await allRead(reader, owner);
		expect(owner.text()).toBe('to be read.');
		expect(reader.denials).toBe(1);
		expect(await stored(stage)).toBe('to be read.');
	});

	it('[W33] count what is taken on them as use of the session, and nothing else', async () => {
		const stage = await openStage();
		const uses = { a: 0, b: 0 };
		const a = await writer(stage, 'a', { used: async () => (uses.a += 1) > 0 });
		const b = await writer(stage, 'b', { used: async () => (uses.b += 1) > 0 });
		await settled();
		expect(uses).toEqual({ a: 0, b: 0 });
		a.type('one');
		await settled();
		b.readAll();
		a.device.sendLive(channel, step1Message(encodeStateVector(a.document)));
		await settled();
		expect([b.text(), uses]).toEqual(['one', { a: 1, b: 0 }]);
	});

	it('[W33] end with a session that has rested too long', async () => {
		const stage = await openStage();
		const a = await writer(stage, 'a', { used: async () => false });
		a.type('one');
		await settled();
		expect(a.device.closeCode).toBe(4401);
	});

	it('[W31] pass on who is there, and that they left, and log none of it', async () => {
		const stage = await openStage();
		const [a, b] = [await writer(stage, 'a'), await writer(stage, 'b')];
		a.device.sendLive(channel, awarenessMessage(announcement([1, 1, { name: 'Li' }])));
		const c = await writer(stage, 'c');
		expect([heardOf(b)[1], heardOf(c)[1], heardOf(a)[1]]).toEqual([
			{ name: 'Li' },
			{ name: 'Li' },
			undefined
		]);
		stage.hub.disconnected(a.device.connection);
		expect(heardOf(b)[1]).toBeNull();
		expect((await stage.file.call('head')).seq).toBe(0);
	});

	it('[W31] let nobody remove another, take back an older state, or announce without end', async () => {
		const stage = await openStage();
		const [a, b, c] = [await writer(stage, 'a'), await writer(stage, 'b'), await writer(stage, 'c')];
		a.device.sendLive(channel, awarenessMessage(announcement([1, 5, { at: 'new' }])));
		a.device.sendLive(channel, awarenessMessage(announcement([1, 4, { at: 'old' }])));
		b.device.sendLive(channel, awarenessMessage(announcement([1, 6, null])));
		expect(heardOf(c)[1]).toEqual({ at: 'new' });
		for (let client = 10; client < 30; client += 1) {
			b.device.sendLive(channel, awarenessMessage(announcement([client, 1, {}])));
		}
		expect(Object.keys(heardOf(c)).length).toBe(1 + awarenessLimits.clientsOfMember);
		const long = announcement([2, 1, 'x'.repeat(awarenessLimits.stateLength)]);
		b.device.sendLive(channel, awarenessMessage(long));
		expect(b.device.closeCode).toBe(4400);
	});

	it.each<[string, Uint8Array]>([
		['nothing', new Uint8Array()],
		['a type that is none', new Uint8Array([9, 0])],
		['the server’s own word', new Uint8Array([2, 0])],
		['a truncated change', updateMessage(textUpdate('x')).subarray(0, 8)],
		['a change that is none', updateMessage(new Uint8Array([200, 1, 2, 3]))],
		['a state vector that is none', step1Message(new Uint8Array([255, 255, 255]))],
		['a state that is no JSON', awarenessMessage(new Uint8Array([1, 1, 1, 2, 123, 123]))]
	])('[W32] close the connection at %s', async (_what, bytes) => {
		const stage = await openStage();
		const a = await writer(stage, 'a');
		a.device.sendLive(channel, bytes);
		expect(a.device.closeCode).toBe(4400);
		await settled();
		expect(stage.hub.rooms).toBe(0);
	});

	it('[W32] keep what builds on nothing only up to a bound', async () => {
		const stage = await openStage();
		const a = await writer(stage, 'a');
		const document = new Doc();
		const updates: Uint8Array[] = [];
		document.on('update', (update: Uint8Array) => updates.push(update));
		for (let part = 0; part < 4; part += 1) document.getText('body').insert(0, 'x'.repeat(400_000));
		// The first change is held back, so the others wait for it.
		for (const update of updates.slice(1)) a.device.sendLive(channel, updateMessage(update));
		expect(a.device.closeCode).toBe(4400);
	});

	it('[W9] have their changes logged when the server goes away', async () => {
		const stage = await openStage();
		await stage.place();
		const a = await writer(stage, 'a');
		a.type('the last words');
		a.device.send('push', {
			batch: 'b',
			space: stage.space,
			generation: await stage.generation(),
			changes: [marking(1, 0, 'a')]
		});
		await stage.hub.leave();
		expect(await stored(stage)).toBe('the last words');
		expect(stage.hub.rooms).toBe(0);
	});
});
