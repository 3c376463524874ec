import { describe, expect, it } from 'vitest';
import { encodeFrame, maxFrameBytes } from '#schema/protocol/frames.ts';
import { mostConnections } from './hub.ts';
import { bufferLimit, silenceLimit } from './connection.ts';
import { marking } from './trial/changes.ts';
import { openStage, settled, trialStart } from './trial/stage.ts';

const future = { lowest: 7, highest: 9 };

describe('the connection', () => {
	it('[W2] begins with hello and nothing else', async () => {
		const { device, space } = await openStage();
		const early = device('a');
		early.follow(space, { generation: 'x', seq: 0 });
		expect(early.closeCode).toBe(4400);
		const twice = device('b');
		await twice.hello();
		twice.send('hello', { versions: { lowest: 1, highest: 1 }, device: 'b' });
		expect(twice.closeCode).toBe(4400);
		const unfit = device('c');
		unfit.send('hello', { versions: { lowest: 1 }, device: 'c' });
		expect(unfit.closeCode).toBe(4400);
	});

	it('[W2] keeps what comes right behind hello until it has been answered, in order', async () => {
		const { device, space, place, generation } = await openStage();
		await place(2);
		const a = device('a');
		a.send('hello', { versions: { lowest: 1, highest: 1 }, device: 'a' });
		a.follow(space, { generation: await generation(), seq: 0 });
		await settled();
		expect(a.kinds).toEqual(['welcome', 'entries']);
		expect(a.seqs).toEqual([1, 2]);
	});

	it('[W3] is welcomed with version, time, profile and heads', async () => {
		const { device, space, place, generation, time } = await openStage();
		await place(3);
		time.now += 5_000;
		expect(await device('a').hello({ lowest: 0, highest: 4 })).toMatchObject({
			version: 1,
			now: trialStart + 5_000,
			profile: { address: 'li@hongyan.example' },
			spaces: [{ space, kind: 'mailbox', head: { generation: await generation(), seq: 3 } }]
		});
	});

	it('[W4] takes pending work of a device with no version in common, and nothing else', async () => {
		const { device, space, place, generation } = await openStage();
		await place();
		const old = device('old');
		expect((await old.hello(future)).version).toBe(0);
		old.send('push', { batch: 'b1', space, generation: await generation(), changes: [marking(1, 0, 'old')] });
		old.send('ping', {});
		await settled();
		expect(old.received('acked')).toMatchObject([{ batch: 'b1', seq: 2 }]);
		expect(old.received('pong')).toHaveLength(1);
		old.follow(space, { generation: await generation(), seq: 0 });
		expect(old.closeCode).toBe(4406);
	});

	it.each<[string, Uint8Array | string, number]>([
		['text', 'hello', 4400],
		['nothing', new Uint8Array(), 4400],
		['a kind that is none', new Uint8Array([0, 99, 0]), 4400],
		['a truncated frame', encodeFrame('follow', { space: 's' }).subarray(0, 5), 4400],
		['a frame of the server', encodeFrame('acked', {}), 4400],
		['a follow of the wrong shape', encodeFrame('follow', { space: 's', cursor: { seq: -1 } }), 4400],
		['a push of the wrong shape', encodeFrame('push', { batch: 'b', changes: [] }), 4400],
		['a command of the wrong shape', encodeFrame('command', { id: 5 }), 4400],
		['an open of channel 0', encodeFrame('open', { channel: 0, space: 's', document: 'd' }), 4400],
		['too much', new Uint8Array(maxFrameBytes + 1), 4413]
	])('[W5] is closed by %s', async (_what, data, code) => {
		const { device } = await openStage();
		const a = device('a');
		await a.hello();
		a.connection.receive(data);
		await settled();
		expect(a.closeCode).toBe(code);
	});

	it('[W6] answers a ping at once, also before it is welcomed', async () => {
		const { device } = await openStage();
		const a = device('a');
		a.send('hello', { versions: { lowest: 1, highest: 1 }, device: 'a' });
		a.send('ping', {});
		expect(a.kinds).toEqual(['pong']);
	});

	it('[W6] is closed after silence, and not while it is heard of', async () => {
		const { device, hub, time } = await openStage();
		const [quiet, lively] = [device('quiet'), device('lively')];
		for (let beat = 0; beat < 4; beat += 1) {
			time.now += 15_000;
			lively.send('ping', {});
			hub.tick();
		}
		expect(time.now - trialStart).toBeGreaterThan(silenceLimit);
		expect([quiet.closeCode, lively.closeCode]).toEqual([4503, null]);
	});

	it('[W7] is closed by frames or bytes without end, and not by a busy device', async () => {
		const { device, time } = await openStage();
		const busy = device('busy');
		for (let frame = 0; frame < 2_000; frame += 1) {
			busy.send('ping', {});
			time.now += 10;
		}
		expect(busy.closeCode).toBeNull();
		const flood = device('flood');
		for (let frame = 0; frame < 601; frame += 1) flood.send('ping', {});
		expect(flood.closeCode).toBe(4429);
		const heavy = device('heavy');
		await heavy.hello();
		const large = encodeFrame('ping', { padding: new Uint8Array(maxFrameBytes - 100) });
		for (let frame = 0; frame < 4; frame += 1) heavy.connection.receive(large);
		expect(heavy.closeCode).toBe(4429);
	});

	it('[W7] is closed where more requests wait than a device ever has', async () => {
		const { device, space, commands } = await openStage();
		commands.answer = () => new Promise(() => undefined);
		const a = device('a');
		await a.hello();
		const command = (id: number) => ({
			id: `c${id}`,
			space,
			body: { name: 'purge', arrivals: [], seen: { generation: 'g', seq: 0 } }
		});
		for (let id = 0; id < 65; id += 1) a.send('command', command(id));
		expect(a.closeCode).toBe(4429);
	});

	it('[W7] is turned away where a session has too many', async () => {
		const { device, hub } = await openStage();
		for (let index = 0; index < mostConnections; index += 1) device(`d${index}`);
		expect(device('one too many').closeCode).toBe(4429);
		expect(hub.sockets).toBe(mostConnections);
		expect(device('other', { session: 'another' }).closeCode).toBeNull();
	});

	it('[W8] is closed at sign-out and takes nothing after it', async () => {
		const { device, hub, space, place, generation, file } = await openStage();
		await place();
		const [gone, other] = [device('gone'), device('other', { session: 'session-2' })];
		await gone.hello();
		gone.send('push', {
			batch: 'b',
			space,
			generation: await generation(),
			changes: [marking(1, 0, 'gone')]
		});
		hub.signedOut('session-1');
		await settled();
		expect([gone.closeCode, other.closeCode]).toEqual([4401, null]);
		expect(gone.received('acked')).toEqual([]);
		expect((await file.call('head')).seq).toBe(1);
	});

	it('[W8] is closed when its session’s time is over', async () => {
		const { device, hub, time } = await openStage();
		const a = device('a', { goodUntil: trialStart + 1_000, standing: async () => null });
		time.now += 999;
		hub.tick();
		await settled();
		expect(a.closeCode).toBeNull();
		time.now += 1;
		hub.tick();
		await settled();
		expect(a.closeCode).toBe(4401);
	});

	it('[W34] stays open while its session is used elsewhere, and closes when that rests', async () => {
		const { device, hub, time } = await openStage();
		let asked = 0;
		const standing = async () => {
			asked += 1;
			return asked === 1 ? trialStart + 30_000 : null;
		};
		const a = device('a', { goodUntil: trialStart + 10_000, standing });
		const pass = async (seconds: number) => {
			time.now += seconds * 1000;
			hub.tick();
			await settled();
			return a.closeCode;
		};
		expect([await pass(10), await pass(10), asked]).toEqual([null, null, 1]);
		expect([await pass(10), asked]).toEqual([4401, 2]);
	});

	it('[W34] takes nothing once its session has rested too long', async () => {
		const { device, space, place, generation, file } = await openStage();
		await place();
		const a = device('a', { used: async () => false });
		await a.hello();
		a.send('push', { batch: 'b', space, generation: await generation(), changes: [marking(1, 0, 'a')] });
		await settled();
		expect([a.closeCode, a.received('acked')]).toEqual([4401, []]);
		expect((await file.call('head')).seq).toBe(1);
	});

	it('[W33] counts what is pushed or commanded as use of its session, and a heartbeat not', async () => {
		const { device, space, place, generation } = await openStage();
		await place();
		let uses = 0;
		const used = async () => {
			uses += 1;
			return true;
		};
		const a = device('a', { used });
		await a.hello();
		a.send('ping', {});
		a.follow(space, { generation: await generation(), seq: 0 });
		await settled();
		expect(uses).toBe(0);
		a.send('push', { batch: 'b', space, generation: await generation(), changes: [marking(1, 0, 'a')] });
		a.send('command', {
			id: 'c',
			space,
			body: { name: 'purge', arrivals: [], seen: { generation: 'g', seq: 0 } }
		});
		await settled();
		expect(uses).toBe(2);
	});

	it('[W9] finishes and answers what was begun when the server goes away', async () => {
		const { device, hub, space, place, generation, file } = await openStage();
		await place();
		const a = device('a');
		await a.hello();
		a.send('push', { batch: 'b', space, generation: await generation(), changes: [marking(1, 0, 'a')] });
		const left = hub.leave();
		a.send('push', { batch: 'late', space, generation: await generation(), changes: [marking(2, 0, 'a')] });
		await left;
		expect(a.received('acked')).toMatchObject([{ batch: 'b' }]);
		expect(a.closeCode).toBe(4503);
		expect((await file.call('head')).seq).toBe(2);
		expect(device('new').closeCode).toBe(4503);
	});

	it('[W10] is closed where a device never reads', async () => {
		const { device, hub } = await openStage();
		const a = device('a');
		a.socket.buffered = bufferLimit + 1;
		hub.tick();
		expect(a.closeCode).toBe(4503);
	});

	it('[W11] is closed by a failure of the server, which is logged', async () => {
		const { device, store, failures } = await openStage();
		await store.close();
		const a = device('a');
		a.send('hello', { versions: { lowest: 1, highest: 1 }, device: 'a' });
		await settled();
		expect(a.closeCode).toBe(1011);
		expect(failures).toHaveLength(1);
	});
});
