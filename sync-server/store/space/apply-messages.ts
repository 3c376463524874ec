import { countOfRanges, type Ranges } from '#schema/docs/ranges.ts';
import type { MessageFact } from '#schema/mail/message.ts';
import { encodeAny } from '#schema/protocol/frames.ts';
import { messages, summaries } from '#schema/tables/space.ts';
import { perDatabase, sql, type Database } from '../drizzle.ts';
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

const statements = perDatabase((database) => ({
	message: database
		.insert(messages)
		.values({
			arrival: sql.placeholder('arrival'),
			id: sql.placeholder('id'),
			receivedAt: sql.placeholder('receivedAt'),
			mailbox: sql.placeholder('mailbox'),
			keywords: sql.placeholder('keywords'),
			placedMailbox: sql.placeholder('mailbox'),
			placedKeywords: sql.placeholder('keywords'),
			thread: sql.placeholder('thread'),
			submission: sql.placeholder('submission'),
			placedSeq: sql.placeholder('seq'),
			changedSeq: sql.placeholder('seq')
		})
		.prepare(),
	summary: database
		.insert(summaries)
		.values({ arrival: sql.placeholder('arrival'), bytes: sql.placeholder('bytes') })
		.prepare(),
	join: database.$client.prepare(
		'UPDATE message SET thread = ?, changed_seq = ? WHERE thread IN (SELECT value FROM json_each(?))'
	),
	withdraw: database.$client.prepare(
		`UPDATE message SET withdrawn_seq = ?, changed_seq = ? WHERE withdrawn_seq IS NULL AND ${inRuns}`
	),
	restore: database.$client.prepare(
		`UPDATE message SET withdrawn_seq = NULL, changed_seq = ? WHERE withdrawn_seq IS NOT NULL AND ${inRuns}`
	)
}));

/** A message lies in the space from here on. */
export function applyArrived(database: Database, seq: number, fact: MessageFact): void {
	const { message, summary } = statements(database);
	const submission = fact.submission ?? null;
	message.run({ ...fact, submission, keywords: bitsOf(fact.keywords), seq });
	summary.run({ arrival: fact.arrival, bytes: Buffer.from(encodeAny(fact.summary)) });
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
