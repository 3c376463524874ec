import fc from 'fast-check';
import { rangesOf } from '#schema/docs/ranges.ts';
import { mergeRegisters, type Register } from '#schema/docs/registers.ts';
import type { Change, ChangedPack, MessageRegister, Pack } from '#schema/space/entry.ts';
import type { MessageFact } from '#schema/mail/message.ts';
import { receivePack } from '../log/receive-pack.ts';
import type { ReplicaCore } from '../replica-core.ts';
import { arrived, generation, marking, message, stamp, trialTime } from './letters.ts';

/** A log of chance, and what a server's rows would be anywhere in it. */

/** Messages there when the replica opens, and how long the log grows after it. */
export const atFirst = 12;

/** A change of the log, by what happens to whom; arrivals are made to fit what there is then. */
export const happening = fc.record({
	what: fc.constantFrom('arrive', 'mark', 'mark', 'mark', 'withdraw', 'restore', 'join'),
	which: fc.nat({ max: 30 }),
	other: fc.nat({ max: 30 }),
	value: fc.boolean(),
	time: fc.nat({ max: 8 })
});
export type Happening = typeof happening extends fc.Arbitrary<infer Value> ? Value : never;

/** What the server's rows would be after a part of the log. */
export class Rows {
	readonly facts = new Map<number, MessageFact>();
	readonly withdrawn = new Set<number>();
	readonly registers = new Map<string, MessageRegister>();
	/** Seq of the entry that placed each message, and of the last that changed it. */
	readonly placedAt = new Map<number, number>();
	readonly changedAt = new Map<number, number>();
	readonly #seq: number;

	constructor(log: readonly Change[]) {
		this.#seq = log.length;
		for (let arrival = 0; arrival < atFirst; arrival += 1) this.facts.set(arrival, message(arrival));
		for (const [index, change] of log.entries()) this.#apply(change, index + 1);
	}

	#apply(change: Change, seq: number): void {
		if (change.kind === 'arrived') {
			this.facts.set(change.message.arrival, change.message);
			this.placedAt.set(change.message.arrival, seq);
			this.changedAt.set(change.message.arrival, seq);
		}
		if (change.kind === 'withdrawn') this.#withdraw(change.arrivals[0] ?? 0, seq, true);
		if (change.kind === 'restored') this.#withdraw(change.arrivals[0] ?? 0, seq, false);
		if (change.kind === 'joined') {
			for (const [arrival, fact] of this.facts) {
				if (!change.from.includes(fact.thread)) continue;
				this.facts.set(arrival, { ...fact, thread: change.into });
				this.changedAt.set(arrival, seq);
			}
		}
		if (change.kind === 'registers' && change.target.kind === 'messages') {
			const { field, value, stamp: at, target } = change;
			const arrival = target.arrivals[0] ?? 0;
			const name = `${arrival} ${field}`;
			const before = this.registers.get(name);
			const winner: Register = mergeRegisters(before, { value, stamp: at });
			if (winner.stamp !== before?.stamp) this.changedAt.set(arrival, seq);
			this.registers.set(name, { arrival, field, ...winner });
		}
	}

	#withdraw(arrival: number, seq: number, isGone: boolean): void {
		if (this.withdrawn.has(arrival) !== isGone) this.changedAt.set(arrival, seq);
		if (isGone) this.withdrawn.add(arrival);
		else this.withdrawn.delete(arrival);
	}

	/** What changed since an entry, of the messages from `from` to `to`. */
	changedPack(since: number, from: number, to: number): ChangedPack {
		const changed = [...this.facts.values()].filter(
			({ arrival }) => arrival >= from && arrival < to && (this.changedAt.get(arrival) ?? 0) > since
		);
		const present = changed.filter(({ arrival }) => !this.withdrawn.has(arrival));
		const names = new Set(present.map(({ arrival }) => arrival));
		return {
			cursor: { generation, seq: this.#seq },
			from,
			to,
			arrived: present.filter(({ arrival }) => (this.placedAt.get(arrival) ?? 0) > since),
			threads: present.map(({ arrival, thread }) => [arrival, thread] as const),
			registers: [...this.registers.values()].filter(({ arrival }) => names.has(arrival)),
			withdrawn: rangesOf(changed.flatMap(({ arrival }) => (this.withdrawn.has(arrival) ? [arrival] : [])))
		};
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

export function logOf(happenings: readonly Happening[]): Change[] {
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

/** Fetches all packs that are missing yet, as true as the whole log. */
export async function fetchMissing(core: ReplicaCore, log: readonly Change[]): Promise<void> {
	for (;;) {
		const missing = core.memory.backfill?.missing ?? [];
		const [from, length] = [missing.at(-2), missing.at(-1)];
		if (from === undefined || length === undefined) return;
		await receivePack(core, new Rows(log).pack(log.length, from, from + length));
	}
}

/** What a replica shows, as {@link Rows.picture} has it. */
export function pictureOf(
	{ memory: { columns } }: ReplicaCore,
	log: readonly Change[]
): Record<number, string> {
	const shown: Record<number, string> = {};
	for (let arrival = 0; arrival < atFirst + log.length; arrival += 1) {
		const row = columns.row(arrival);
		if (row !== undefined) shown[arrival] = `${row.thread} ${row.flags & 1}`;
	}
	return shown;
}
