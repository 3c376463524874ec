import { describe, expect, it } from 'vitest';
import type { SpaceId } from '#schema/ids.ts';
import { decodeFrame, encodeFrame } from '#schema/protocol/frames.ts';
import type { EntriesFrame } from '#schema/protocol/messages.ts';
import type { Entry } from '#schema/space/entry.ts';
import { entriesFrameBytes, Following } from './following.ts';
import type { SpaceAccess } from './space-access.ts';
import type { TrialDevice } from './trial/stage.ts';
import { marking } from './trial/changes.ts';
import { openStage, settled, type Stage } from './trial/stage.ts';

async function following(stage: Stage, seq: number, id = 'a'): Promise<TrialDevice> {
	const device = stage.device(id);
	await device.hello();
	device.follow(stage.space, { generation: await stage.generation(), seq });
	await settled();
	return device;
}

const upTo = (last: number, from = 1) => Array.from({ length: last - from + 1 }, (_, index) => from + index);

describe('following', () => {
	it('[W12] gives everything after the cursor, then everything new', async () => {
		const stage = await openStage();
		await stage.place(5);
		const device = await following(stage, 2);
		expect(device.seqs).toEqual([3, 4, 5]);
		await stage.place(3);
		await settled();
		expect(device.seqs).toEqual([3, 4, 5, 6, 7, 8]);
	});

	it('[W12] leaves no gap and repeats nothing, whatever is written meanwhile', async () => {
		const stage = await openStage();
		await stage.place(300, 4_000);
		const device = stage.device('a');
		await device.hello();
		device.follow(stage.space, { generation: await stage.generation(), seq: 0 });
		for (let index = 0; index < 40; index += 1) {
			await stage.place();
			if (index % 7 === 0) await settled();
		}
		await settled();
		expect(device.seqs).toEqual(upTo(340));
	});

	it('[W12] sends frames of about 256 KB', async () => {
		const stage = await openStage();
		await stage.place(400, 4_000);
		const device = await following(stage, 0);
		const sizes = device.received('entries').map((frame) => encodeFrame('entries', frame).byteLength);
		expect(sizes.length).toBeGreaterThan(4);
		expect(Math.max(...sizes)).toBeLessThan(entriesFrameBytes * 1.2);
		expect(device.seqs).toEqual(upTo(400));
	});

	it('[W12] goes on where it is, whichever of log and news comes first, and if news is lost', async () => {
		// Every order in which reading the log and hearing of commits can fall together, by a log that is a list.
		for (let order = 0; order < 4 ** 5; order += 1) {
			const { seqs, log } = await interleaved(order);
			expect(seqs, `order ${order}`).toEqual(upTo(log));
		}
	});

	it('[W12] says nothing where it hears what was sent already', async () => {
		const { log, frames, commit, answer, following: subject } = followed();
		commit();
		commit();
		subject.start();
		answer();
		await settled();
		subject.heard('g', log);
		answer();
		await settled();
		expect(frames.map(seqsOf)).toEqual([[1, 2]]);
	});

	it('[W13] tells with an empty frame that nothing is new', async () => {
		const stage = await openStage();
		await stage.place(2);
		const device = await following(stage, 2);
		expect(device.received('entries')).toMatchObject([{ entries: [], seq: 2, head: 2 }]);
	});

	it('[W13] tells the head with each frame', async () => {
		const stage = await openStage();
		await stage.place(200, 4_000);
		const frames = (await following(stage, 0)).received('entries');
		expect(new Set(frames.map(({ head }) => head))).toEqual(new Set([200]));
		expect(frames.at(-1)?.seq).toBe(200);
	});

	it('[W14] asks to open anew where the cursor can’t be followed', async () => {
		const stage = await openStage();
		await stage.place(3);
		const beyond = await following(stage, 9);
		expect(beyond.received('resync')).toEqual([{ space: stage.space, reason: 'beyond-head' }]);
		const other = stage.device('other');
		await other.hello();
		other.follow(stage.space, { generation: 'another', seq: 0 });
		await settled();
		expect(other.received('resync')).toEqual([{ space: stage.space, reason: 'generation' }]);
		stage.time.now += 1_000;
		await stage.file.call('trim', { before: stage.time.now });
		const old = await following(stage, 1, 'old');
		expect(old.received('resync')).toEqual([{ space: stage.space, reason: 'below-floor' }]);
		await stage.place();
		await settled();
		expect([...beyond.seqs, ...other.seqs, ...old.seqs]).toEqual([]);
	});

	it('[W37] tells only a cursor of this generation that it is below the floor, and what changed since', async () => {
		const stage = await openStage();
		await stage.place(3);
		stage.time.now += 1_000;
		await stage.file.call('trim', { before: stage.time.now });
		const other = stage.device('other');
		await other.hello();
		other.follow(stage.space, { generation: 'another', seq: 1 });
		await settled();
		expect(other.received('resync')).toEqual([{ space: stage.space, reason: 'generation' }]);
		const old = await following(stage, 1, 'old');
		expect(old.received('resync')).toEqual([{ space: stage.space, reason: 'below-floor' }]);
		const opening = await stage.file.call('opening-since', { since: 1 });
		const pack = await stage.file.call('changed-pack', { since: 1, before: 3, count: 10 });
		expect(pack).toMatchObject({ from: 0, arrived: [{ arrival: 2 }, { arrival: 1 }] });
		old.follow(stage.space, opening.cursor);
		await stage.place();
		await settled();
		expect(old.seqs).toEqual([4]);
	});

	it('[W14] asks to open anew where the generation changes while it is followed', async () => {
		const stage = await openStage();
		await stage.place();
		const device = await following(stage, 1);
		const entry: Entry = { seq: 1, at: 0, device: null, origin: 'migration', changes: [] };
		stage.hub.heard({ kind: 'entries', space: stage.space, generation: 'restored', entries: [entry] });
		stage.hub.heard({
			kind: 'entries',
			space: stage.space,
			generation: 'restored',
			entries: [{ ...entry, seq: 2 }]
		});
		expect(device.received('resync')).toEqual([{ space: stage.space, reason: 'generation' }]);
	});

	it('[W15] begins anew when it is asked for again', async () => {
		const stage = await openStage();
		await stage.place(3);
		const device = await following(stage, 3);
		device.follow(stage.space, { generation: await stage.generation(), seq: 1 });
		await settled();
		await stage.place();
		await settled();
		expect(device.seqs).toEqual([2, 3, 4]);
	});

	it('[W15] of a space that is not the account’s closes the connection', async () => {
		const stage = await openStage();
		const device = stage.device('a');
		await device.hello();
		device.follow('space-of-wang' as SpaceId, { generation: 'x', seq: 0 });
		expect(device.closeCode).toBe(4403);
	});

	it('[W10] waits for a socket that does not keep up, and loses nothing', async () => {
		const stage = await openStage();
		const device = await following(stage, 0);
		device.socket.buffered = 2 << 20;
		await stage.place(10);
		await settled();
		expect(device.seqs).toEqual([]);
		device.socket.drain();
		await settled();
		expect(device.seqs).toEqual(upTo(10));
	});

	it('[W20] brings a device’s own batch back before it is acked', async () => {
		const stage = await openStage();
		await stage.place();
		const device = await following(stage, 1);
		const generation = await stage.generation();
		device.send('push', { batch: 'b', space: stage.space, generation, changes: [marking(1, 0, 'a')] });
		await settled();
		expect(device.kinds).toEqual(['welcome', 'entries', 'entries', 'acked']);
		expect(device.received('entries')[1]?.entries[0]).toMatchObject({ seq: 2, device: 'a', origin: 'local' });
	});

	it('stops with its connection', async () => {
		const stage = await openStage();
		const device = await following(stage, 0);
		stage.hub.disconnected(device.connection);
		await stage.place();
		await settled();
		expect(device.seqs).toEqual([]);
		expect(stage.hub.sockets).toBe(0);
	});
});

/** A following of a log that is a list, whose answers come when they are let. */
function followed() {
	const log: Entry[] = [];
	const answers: (() => void)[] = [];
	const frames: Uint8Array[] = [];
	const entries: SpaceAccess['entries'] = (_space, after) =>
		new Promise((resolve) => {
			answers.push(() => {
				const found = log.slice(after.seq);
				resolve({ kind: 'entries', entries: found, seq: log.length, head: log.length });
			});
		});
	const port = {
		spaces: { entries },
		send: (frame: Uint8Array) => frames.push(frame),
		buffered: 0,
		drained: async () => undefined,
		failed: (error: unknown) => {
			throw error;
		}
	};
	return {
		log,
		frames,
		commit: () => log.push({ seq: log.length + 1, at: 0, device: null, origin: 'local', changes: [] }),
		answer: () => answers.shift()?.(),
		following: new Following('s' as SpaceId, { generation: 'g', seq: 0 }, port)
	};
}

/**
 * Five steps, each a commit, news of the commits since, an answer of the log, or the loss of news, in the order
 * that the number gives; then one more commit that is told of.
 */
async function interleaved(order: number): Promise<{ seqs: number[]; log: number }> {
	const { log, frames, commit, answer, following: subject } = followed();
	let told = 0;
	const lose = () => {
		told = log.length;
	};
	const tell = () => {
		const news = log.slice(told);
		lose();
		subject.heard('g', news);
	};
	subject.start();
	const steps = [commit, tell, answer, lose];
	for (let step = 0, rest = order; step < 5; step += 1, rest = Math.floor(rest / 4)) {
		steps[rest % 4]?.();
		await Promise.resolve();
	}
	commit();
	tell();
	for (let turn = 0; turn < 8; turn += 1) {
		answer();
		await new Promise((resolve) => setImmediate(resolve));
	}
	return { seqs: frames.flatMap(seqsOf), log: log.length };
}

function seqsOf(frame: Uint8Array): number[] {
	const decoded = decodeFrame(frame);
	return decoded?.kind === 'entries' ? (decoded.payload as EntriesFrame).entries.map(({ seq }) => seq) : [];
}
