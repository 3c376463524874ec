import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rangesOf } from '#schema/docs/ranges.ts';
import { mergeRegisters, type Register } from '#schema/docs/registers.ts';
import type { Change, MessageRegister, Pack } from '#schema/space/entry.ts';
import type { MessageFact } from '#schema/mail/message.ts';
import { seedOfRun } from '#schema/trial/seed.ts';
import { openBench } from '../trial/bench.ts';
import { arrived, entry, generation, marking, message, stamp, trialTime } from '../trial/letters.ts';
import { receiveEntries } from './receive-entries.ts';
import { receivePack } from './receive-pack.ts';

/** Messages there when the replica opens, and how long the log grows after it. */
const atFirst = 12;

/** A change of the log, by what happens to whom; arrivals are made to fit what there is then. */
const happening = fc.record({
	what: fc.constantFrom('arrive', 'mark', 'mark', 'mark', 'withdraw', 'restore', 'join'),
	which: fc.nat({ max: 30 }),
	other: fc.nat({ max: 30 }),
	value: fc.boolean(),
	time: fc.nat({ max: 8 })
});
type Happening = typeof happening extends fc.Arbitrary<infer Value> ? Value : never;

/** What the server's rows would be after a part of the log. */
class Rows {
	readonly facts = new Map<number, MessageFact>();
	readonly withdrawn = new Set<number>();
	readonly registers = new Map<string, MessageRegister>();

	constructor(log: readonly Change[]) {
		for (let arrival = 0; arrival < atFirst; arrival += 1) this.facts.set(arrival, message(arrival));
		for (const change of log) this.#apply(change);
	}

	#apply(change: Change): void {
		if (change.kind === 'arrived') this.facts.set(change.message.arrival, change.message);
		if (change.kind === 'withdrawn') this.withdrawn.add(change.arrivals[0] ?? 0);
		if (change.kind === 'restored') this.withdrawn.delete(change.arrivals[0] ?? 0);
		if (change.kind === 'joined') {
			for (const [arrival, fact] of this.facts) {
				if (change.from.includes(fact.thread)) this.facts.set(arrival, { ...fact, thread: change.into });
			}
		}
		if (change.kind === 'registers' && change.target.kind === 'messages') {
			const { field, value, stamp: at, target } = change;
			const arrival = target.arrivals[0] ?? 0;
			const name = `${arrival} ${field}`;
			const winner: Register = mergeRegisters(this.registers.get(name), { value, stamp: at });
			this.registers.set(name, { arrival, field, ...winner });
		}
	}

	pack(seq: number, from: number, to: number): Pack {
		const inside = (arrival: number) => arrival >= from && arrival < to && !this.withdrawn.has(arrival);
		return {
			cursor: { generation, seq },
			from,
			to,
			messages: [...this.facts.values()].filter(({ arrival }) => inside(arrival)),
			registers: [...this.registers.values()].filter(({ arrival }) => inside(arrival))
		};
	}

	picture(): Record<number, string> {
		const shown = [...this.facts.values()].filter(({ arrival }) => !this.withdrawn.has(arrival));
		return Object.fromEntries(
			shown.map(({ arrival, thread }) => {
				const isSeen = this.registers.get(`${arrival} $seen`)?.value === true;
				return [arrival, `${thread} ${isSeen ? 1 : 0}`];
			})
		);
	}
}

function logOf(happenings: readonly Happening[]): Change[] {
	let count = atFirst;
	const threads = new Set(Array.from({ length: atFirst }, (_, arrival) => arrival));
	return happenings.map(({ what, which, other, value, time }): Change => {
		const arrival = which % count;
		switch (what) {
			case 'arrive':
				threads.add(count);
				count += 1;
				return arrived(count - 1);
			case 'withdraw':
				return { kind: 'withdrawn', arrivals: rangesOf([arrival]) };
			case 'restore':
				return { kind: 'restored', arrivals: rangesOf([arrival]) };
			case 'join': {
				const [into = 0, ...rest] = [...threads].sort((left, right) => left - right);
				const from = rest.length === 0 ? undefined : rest[other % rest.length];
				if (from !== undefined) threads.delete(from);
				return { kind: 'joined', into, from: from === undefined ? [] : [from] };
			}
			default:
				return marking([arrival], '$seen', value, stamp(trialTime + time));
		}
	});
}

/** Receives the log and the packs, the packs true at some other place of the log than the replica stands at. */
async function replicaOf(log: readonly Change[], packsAt: readonly { after: number; trueAt: number }[]) {
	const { core } = await openBench({ opens: { arrivals: atFirst } });
	const fetchPacks = async (at: number, trueAt: number) => {
		for (const { after } of packsAt.filter((pack) => pack.after % (log.length + 1) === at)) {
			const from = (after * 3) % atFirst;
			await receivePack(core, new Rows(log.slice(0, trueAt)).pack(trueAt, from, Math.min(atFirst, from + 4)));
		}
	};
	for (const [index, change] of log.entries()) {
		const lead = packsAt[index % Math.max(1, packsAt.length)]?.trueAt ?? 0;
		await fetchPacks(index, Math.min(log.length, Math.max(0, index - 3 + (lead % 7))));
		await receiveEntries(core, { generation, entries: [entry(index + 1, change)], seq: index + 1 });
	}
	for (;;) {
		const missing = core.memory.backfill?.missing ?? [];
		const [from, length] = [missing.at(-2), missing.at(-1)];
		if (from === undefined || length === undefined) break;
		await receivePack(core, new Rows(log).pack(log.length, from, from + length));
	}
	return core.memory.columns;
}

const plain = { which: 0, other: 0, value: false, time: 0 };

/** A pack is asked for while a message is withdrawn, and comes after it was restored. */
const restoredUnderAPack: Happening[] = [
	{ ...plain, what: 'arrive' },
	{ ...plain, what: 'withdraw', which: 2 },
	{ ...plain, what: 'mark' },
	{ ...plain, what: 'mark' },
	{ ...plain, what: 'mark' },
	{ ...plain, what: 'mark' },
	{ ...plain, what: 'mark' },
	{ ...plain, what: 'restore', which: 2 },
	{ ...plain, what: 'arrive' }
];

const seed = seedOfRun('packs and tail');

describe('packs fetched while the log moves on', () => {
	it(`[R4] show in the end what the log says, wherever each pack was true (HONGYAN_SEED=${seed})`, async () => {
		const places = fc.record({ after: fc.nat({ max: 40 }), trueAt: fc.nat({ max: 40 }) });
		await fc.assert(
			fc.asyncProperty(
				fc.array(happening, { minLength: 1, maxLength: 25 }),
				fc.array(places, { maxLength: 6 }),
				async (happenings, packsAt) => {
					const log = logOf(happenings);
					const columns = await replicaOf(log, packsAt);
					const shown: Record<number, string> = {};
					for (let arrival = 0; arrival < atFirst + 25; arrival += 1) {
						const row = columns.row(arrival);
						if (row !== undefined) shown[arrival] = `${row.thread} ${row.flags & 1}`;
					}
					expect(shown).toEqual(new Rows(log).picture());
				}
			),
			{ seed, numRuns: 300, examples: [[restoredUnderAPack, [{ after: 8, trueAt: 0 }]]] }
		);
	});
});
