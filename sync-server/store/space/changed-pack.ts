import { rangesOf } from '#schema/docs/ranges.ts';
import type { RegisterValue } from '#schema/docs/registers.ts';
import type { DeviceId } from '#schema/ids.ts';
import type { ChangedPack, MessageRegister } from '#schema/space/entry.ts';
import { perDatabase, type Database } from '../drizzle.ts';
import type { Operation } from '../file-kind.ts';
import { factsOf } from './catch-up.ts';
import { fieldCount, fieldOfNumber } from './message-fields.ts';
import { spaceOf } from './space-row.ts';

/** How many changed messages one pack tells of, and how many numbers are looked at for it. */
const largest = { messages: 1000, numbers: 50_000 } as const;

const statements = perDatabase(({ $client }) => ({
	changed: $client
		.prepare(
			`SELECT arrival, thread, withdrawn_seq IS NOT NULL FROM message
				WHERE arrival >= ? AND arrival < ? AND changed_seq > ? ORDER BY arrival DESC LIMIT ?`
		)
		.raw(),
	registers: $client
		.prepare(
			`SELECT arrival, value, time, counter, device FROM message_register
				WHERE field = ? AND arrival IN (SELECT value FROM json_each(?))`
		)
		.raw()
}));

function registersOf(database: Database, arrivals: readonly number[]): MessageRegister[] {
	const { registers } = statements(database);
	const list = JSON.stringify(arrivals);
	return Array.from({ length: fieldCount }, (_, number) => number).flatMap((number) =>
		registers.all(number, list).map(([arrival, value, time, counter, device]) => ({
			arrival: Number(arrival),
			field: fieldOfNumber(number),
			value: JSON.parse(String(value)) as RegisterValue,
			stamp: { time: Number(time), counter: Number(counter), device: String(device) as DeviceId }
		}))
	);
}

/** What of a space is asked for: the entry the replica stands at, and the packs of what changed since. */
interface ChangedSince {
	readonly since: number;
	readonly before: number;
	readonly count: number;
}

/**
 * What became, since the entry `since`, of the messages below arrival `before`: at most `count` and at most 1,000 that
 * changed, and at most 50,000 numbers, newest first; `done` where there is none below.
 */
const changedPack: Operation<ChangedSince, ChangedPack | 'done'> = {
	mode: 'read',
	run(database, { since, before, count }) {
		const most = Math.min(Math.max(count, 1), largest.messages);
		const { generation, head: seq, arrivals } = spaceOf(database);
		const to = Math.min(before, arrivals);
		if (to <= 0) return 'done';
		const lowest = Math.max(0, to - largest.numbers);
		const rows = statements(database)
			.changed.all(lowest, to, since, most)
			.map(([arrival, thread, isWithdrawn]) => ({
				arrival: Number(arrival),
				thread: Number(thread),
				isWithdrawn: isWithdrawn === 1
			}));
		const from = rows.length < most ? lowest : (rows.at(-1)?.arrival ?? lowest);
		const present = rows.filter(({ isWithdrawn }) => !isWithdrawn);
		return {
			cursor: { generation, seq },
			from,
			to,
			arrived: factsOf(database, from, to, since),
			threads: present.map(({ arrival, thread }) => [arrival, thread] as const),
			registers: registersOf(
				database,
				present.map(({ arrival }) => arrival)
			),
			withdrawn: rangesOf(rows.flatMap(({ arrival, isWithdrawn }) => (isWithdrawn ? [arrival] : [])))
		};
	}
};

export const changedPackOperations = { 'changed-pack': changedPack };
