import { countOfRanges, type Ranges } from '#schema/docs/ranges.ts';
import type { MessageFact } from '#schema/mail/message.ts';
import { encodeAny } from '#schema/protocol/frames.ts';
import { perDatabase, type Database } from '../drizzle.ts';
import { bitsOf } from './message-fields.ts';

/** Ranges as JSON of pairs [start, end), the form in which statements take sets of messages. */
export function runsOf(ranges: Ranges): string {
	const runs: (readonly [number, number])[] = [];
	for (let index = 0; index < ranges.length; index += 2) {
		const start = ranges[index] ?? 0;
		runs.push([start, start + (ranges[index + 1] ?? 0)]);
	}
	return JSON.stringify(runs);
}

const inRuns = `arrival IN (SELECT inside.arrival FROM json_each(?) AS run CROSS JOIN message AS inside
	ON inside.arrival >= run.value ->> 0 AND inside.arrival < run.value ->> 1)`;

// The way of every message; Drizzle would take longer over these than SQLite does.
const statements = perDatabase(({ $client }) => ({
	message: $client.prepare(
		`INSERT INTO message (arrival, id, received_at, mailbox, keywords, placed_mailbox, placed_keywords, thread,
			submission, placed_seq, changed_seq) VALUES (?1, ?2, ?3, ?4, ?5, ?4, ?5, ?6, ?7, ?8, ?8)`
	),
	summary: $client.prepare('INSERT INTO summary (arrival, bytes) VALUES (?, ?)'),
	join: $client.prepare(
		'UPDATE message SET thread = ?, changed_seq = ? WHERE thread IN (SELECT value FROM json_each(?))'
	),
	withdraw: $client.prepare(
		`UPDATE message SET withdrawn_seq = ?, changed_seq = ? WHERE withdrawn_seq IS NULL AND ${inRuns}`
	),
	restore: $client.prepare(
		`UPDATE message SET withdrawn_seq = NULL, changed_seq = ? WHERE withdrawn_seq IS NOT NULL AND ${inRuns}`
	)
}));

/** A message lies in the space from here on. */
export function applyArrived(database: Database, seq: number, fact: MessageFact): void {
	const { message, summary } = statements(database);
	const { arrival, id, receivedAt, mailbox, keywords, thread, submission } = fact;
	message.run(arrival, id, receivedAt, mailbox, bitsOf(keywords), thread, submission, seq);
	summary.run(arrival, encodeAny(fact.summary));
}

/** Threads become one. */
export function applyJoined(database: Database, seq: number, into: number, from: readonly number[]): void {
	statements(database).join.run(into, seq, JSON.stringify(from));
}

/** Messages are gone for the person; their rows stay as tombstones. */
export function applyWithdrawn(database: Database, seq: number, arrivals: Ranges): void {
	if (countOfRanges(arrivals) > 0) statements(database).withdraw.run(seq, seq, runsOf(arrivals));
}

/** A withdrawal no longer governs. */
export function applyRestored(database: Database, seq: number, arrivals: Ranges): void {
	if (countOfRanges(arrivals) > 0) statements(database).restore.run(seq, runsOf(arrivals));
}
