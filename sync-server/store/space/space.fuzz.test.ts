import { expect, it } from 'vitest';
import * as Y from 'yjs';
import { eachInRanges, rangesOf } from '#schema/docs/ranges.ts';
import { encodeValue, mergeRegisters, type Register } from '#schema/docs/registers.ts';
import type { BatchId, CommandId, DeviceId, DocumentId, EnvelopeId, SubmissionId } from '#schema/ids.ts';
import type { PushedChange } from '#schema/protocol/messages.ts';
import type { Change, Entry, Pack } from '#schema/space/entry.ts';
import { Chance } from '#schema/trial/chance.ts';
import { seedOfRun } from '#schema/trial/seed.ts';
import { zoneOf } from '#schema/zoned-instant.ts';
import { rebuild } from '../trial/rebuild.ts';
import { delivery, openTrialSpace, parsedLetter, type TrialSpace } from '../trial/space.ts';

/** Registers as any replica holds them: merged from entries, in whatever order they come. */
type Replica = Map<string, Register>;

function mergeChange(replica: Replica, change: Change): void {
	if (change.kind !== 'registers') return;
	const { field, value, stamp, target } = change;
	const merge = (name: string) => replica.set(name, mergeRegisters(replica.get(name), { value, stamp }));
	if (target.kind === 'subject') merge(`${target.subject} ${field}`);
	else eachInRanges(target.arrivals, (arrival) => merge(`${arrival} ${field}`));
}

/** A device whose clock is off, which types, marks and pushes, sometimes a batch twice. */
class Device {
	readonly id: DeviceId;
	readonly text = new Y.Doc();
	readonly #space: TrialSpace;
	readonly #chance: Chance;
	readonly #offset: number;
	#counter = 0;
	#batch = 0;

	constructor(name: string, space: TrialSpace, chance: Chance) {
		this.id = name as DeviceId;
		this.#space = space;
		this.#chance = chance;
		this.#offset = chance.below(3) === 0 ? chance.below(200_000_000) - 100_000_000 : chance.below(20) - 10;
	}

	async push(now: number, arrivals: number): Promise<void> {
		const changes = Array.from({ length: 1 + this.#chance.below(4) }, (_, key) =>
			this.#change(key, now, arrivals)
		);
		const batch = `${this.id}-${(this.#batch += 1)}` as BatchId;
		const input = { device: this.id, batch, generation: this.#space.generation, changes };
		const answer = await this.#space.file.call('push', input);
		if (this.#chance.below(4) === 0) expect(await this.#space.file.call('push', input)).toEqual(answer);
		if (answer.kind !== 'acked') throw new Error(answer.code);
		// The device knows from the answer alone what the log says of its changes.
		const replaced = new Map(answer.stamps.map(({ key, stamp }) => [key, stamp]));
		const known = changes.map(({ key, ...change }) =>
			change.kind === 'text' ? change : { ...change, stamp: replaced.get(key) ?? change.stamp }
		);
		// What is told of drafts that were gone comes behind it.
		const entry = this.#space.heard.find(({ seq }) => seq === answer.seq);
		expect(entry).toMatchObject({ device: this.id, changes: known });
	}

	#change(key: number, now: number, arrivals: number): PushedChange {
		const chance = this.#chance;
		if (chance.below(2) === 0) return this.#type(key);
		this.#counter += chance.below(2);
		const time = Math.max(0, now + this.#offset - chance.below(50));
		const stamp = { time, counter: this.#counter, device: this.id };
		if (arrivals === 0 || chance.below(4) === 0) {
			const target = { kind: 'subject', subject: 'draft:a' } as const;
			return { kind: 'registers', key, target, field: 'subject', value: `S${chance.below(99)}`, stamp };
		}
		const some = rangesOf(Array.from({ length: 1 + chance.below(6) }, () => chance.below(arrivals)));
		const target = { kind: 'messages' as const, arrivals: [...some] };
		const mailbox = chance.pick(['inbox', 'archive', 'trash', 'junk']);
		if (chance.below(2) === 0)
			return { kind: 'registers', key, target, field: 'mailbox', value: mailbox, stamp };
		const field = chance.pick(['$seen', '$flagged', '$important']);
		return { kind: 'registers', key, target, field, value: chance.below(2) === 0, stamp };
	}

	#type(key: number): PushedChange {
		const before = Y.encodeStateVector(this.text);
		const body = this.text.getText('body');
		if (body.length > 0 && this.#chance.below(3) === 0) body.delete(this.#chance.below(body.length), 1);
		else body.insert(this.#chance.below(body.length + 1), `${this.id[0]}${this.#chance.below(9)}`);
		const update = new Uint8Array(Y.encodeStateAsUpdate(this.text, before));
		return { kind: 'text', key, document: 'text' as DocumentId, update };
	}
}

/** Something the server does besides: mail comes and goes, letters are sent, called back, released. */
async function happen(space: TrialSpace, chance: Chance, round: number): Promise<void> {
	const name = `letter-${chance.below(6)}`;
	const submission = `${name}-0` as SubmissionId;
	const envelope = `envelope-${name}` as EnvelopeId;
	const command = `command-${round}` as CommandId;
	const device = 'one' as DeviceId;
	const parsed = parsedLetter({ messageId: `id-${round}`, references: [`id-${chance.below(round + 1)}`] });
	const body = { kind: 'inline', bytes: new Uint8Array(chance.below(100)) } as const;
	const what = chance.pick([
		'place',
		'place',
		'place',
		'submit',
		'cancel',
		'release',
		'purge',
		'deliver'
	] as const);
	const { seq, generation } = await space.file.call('head');
	switch (what) {
		case 'place':
			await space.file.call('place', delivery(chance.below(2) === 0 ? round : 0, { parsed, body }));
			return;
		case 'submit': {
			const letter = {
				document: 'a' as DocumentId,
				generation: 0,
				payloadHash: name,
				subject: name,
				recipients: []
			};
			await space.file.call('submit', {
				submission,
				envelope,
				device,
				command,
				...letter,
				releaseAt: round,
				...(round % 2 === 0 ? {} : { sentAt: { at: round, zone: zoneOf('Asia/Shanghai') } }),
				parsed,
				body
			});
			return;
		}
		case 'cancel':
			await space.file.call('cancel-submission', { command, device, submission });
			return;
		case 'release':
			await space.file.call('release', { submission, envelope });
			return;
		case 'purge':
			await space.file.call('purge', {
				command,
				device,
				arrivals: [0, 1 + chance.below(40)],
				seen: { generation, seq: seq - chance.below(9) }
			});
			return;
		case 'deliver':
		default: {
			const state = chance.pick(['deferred', 'delivered'] as const);
			const fact = {
				submission,
				recipient: name,
				state,
				status: null,
				detail: '',
				at: round - chance.below(9)
			} as const;
			await space.file.call('record-deliveries', { facts: [fact] });
		}
	}
}

async function logOf(space: TrialSpace): Promise<Entry[]> {
	const entries: Entry[] = [];
	for (;;) {
		const next = await space.file.call('entries', { after: entries.at(-1)?.seq ?? 0, limitBytes: 10_000 });
		if (next.kind !== 'entries') throw new Error(next.kind);
		if (next.entries.length === 0) return entries;
		entries.push(...next.entries);
	}
}

/** The registers a new replica is given: those of the opening and of all packs. */
async function given(space: TrialSpace): Promise<Replica> {
	const { registers, arrivals } = await space.file.call('opening');
	const replica: Replica = new Map();
	for (const { subject, field, value, stamp } of registers)
		replica.set(`${subject} ${field}`, { value, stamp });
	for (let before = arrivals; before > 0;) {
		const pack = (await space.file.call('pack', { before, count: 7 })) as Pack;
		for (const { arrival, field, value, stamp } of pack.registers)
			replica.set(`${arrival} ${field}`, { value, stamp });
		before = pack.from;
	}
	return replica;
}

/** No two writes have one stamp; what the server tells again of a draft that was gone is the write it was. */
function expectOneWriteForEachStamp(log: readonly Entry[]): void {
	const writes = new Map<string, Change>();
	for (const { device, changes } of log) {
		for (const change of changes) {
			if (change.kind !== 'registers') continue;
			const stamp = encodeValue(Object.values(change.stamp).map(String));
			const known = writes.get(stamp);
			if (known !== undefined) expect([device, change]).toEqual([null, known]);
			writes.set(stamp, change);
		}
	}
}

/** Checks what the log, packs and counters say against one another and the model. */
async function check(space: TrialSpace, devices: readonly Device[], chance: Chance): Promise<Entry[]> {
	const log = await logOf(space);
	expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1));
	expect(log).toEqual(space.heard);
	const changes = log.flatMap((entry) => entry.changes);
	expectOneWriteForEachStamp(log);

	// Any order gives what the log gives; so an older change that lost does no harm in it.
	const forwards: Replica = new Map();
	for (const change of changes) mergeChange(forwards, change);
	const shuffled: Replica = new Map();
	for (const change of [...changes].sort(() => chance.next() - 0.5)) mergeChange(shuffled, change);
	expect(shuffled).toEqual(forwards);

	const gone = new Set<number>();
	for (const change of changes)
		if (change.kind === 'withdrawn') eachInRanges(change.arrivals, (arrival) => gone.add(arrival));
	const isThere = ([name]: [string, Register]) => !gone.has(Number(name.split(' ', 1)[0]));
	expect(await given(space)).toEqual(new Map([...forwards].filter(isThere)));

	const text = new Y.Doc();
	for (const change of changes) if (change.kind === 'text') Y.applyUpdate(text, change.update);
	const { documents } = await space.file.call('opening');
	for (const { state } of documents) {
		const opened = new Y.Doc();
		Y.applyUpdate(opened, state);
		expect(opened.getText('body').toJSON()).toBe(text.getText('body').toJSON());
		for (const device of devices) {
			Y.applyUpdate(device.text, state);
			expect(device.text.getText('body').toJSON()).toBe(text.getText('body').toJSON());
		}
	}
	return log;
}

/** Counters recounted from facts and merged registers, apart from the server's own columns. */
async function recount(space: TrialSpace): Promise<Record<string, { total: number; unread: number }>> {
	const { arrivals } = await space.file.call('opening');
	const counters: Record<string, { total: number; unread: number }> = {};
	const registers = await given(space);
	for (let before = arrivals; before > 0;) {
		const pack = (await space.file.call('pack', { before, count: 500 })) as Pack;
		for (const message of pack.messages) {
			const value = (field: string) => registers.get(`${message.arrival} ${field}`)?.value;
			const has = (keyword: string) => value(keyword) ?? (message.keywords as string[]).includes(keyword);
			const mailbox = String(value('mailbox') ?? message.mailbox);
			const views = Object.entries({ important: '$important', followup: '$flagged', done: '$done' });
			const isHidden = mailbox === 'trash' || mailbox === 'junk';
			const seenIn = isHidden
				? []
				: views.filter(([, keyword]) => has(keyword) === true).map(([view]) => view);
			for (const name of [mailbox, ...seenIn]) {
				const counter = (counters[name] ??= { total: 0, unread: 0 });
				counter.total += 1;
				if (has('$seen') !== true) counter.unread += 1;
			}
		}
		before = pack.from;
	}
	return counters;
}

const first = seedOfRun('space');

it.each(Array.from({ length: 6 }, (_, run) => first + run))(
	'[S10] [S14] [S15] devices with clocks that are off converge, and the log alone rebuilds the space (HONGYAN_SEED=%i)',
	async (seed) => {
		const chance = new Chance(seed);
		const space = await openTrialSpace();
		try {
			const devices = ['one', 'two', 'three'].map((name) => new Device(name, space, chance));
			let now = 1_000_000_000;
			for (let round = 0; round < 120; round += 1) {
				now += chance.below(30) - 3;
				space.at(now);
				const { arrivals } = await space.file.call('opening');
				if (chance.below(3) === 0) await happen(space, chance, round);
				else await devices[chance.below(3)]?.push(now, arrivals);
			}
			const log = await check(space, devices, chance);
			expect((await space.file.call('opening')).counters).toEqual(await recount(space));
			const { stored, rebuilt } = await rebuild(space, log);
			expect(rebuilt).toEqual(stored);
		} finally {
			await space.close();
		}
	}
);
