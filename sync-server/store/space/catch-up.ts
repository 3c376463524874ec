import type { RegisterValue } from '#schema/docs/registers.ts';
import type { MessageFact } from '#schema/mail/message.ts';
import type { Summary } from '#schema/mail/summary.ts';
import { decodeAny } from '#schema/protocol/frames.ts';
import type { Entry, MessageRegister, Pack } from '#schema/space/entry.ts';
import { messageRegisters, messages, summaries } from '#schema/tables/space.ts';
import { and, desc, eq, gt, gte, inArray, isNull, lt, type Database } from '../drizzle.ts';
import type { Operation } from '../file-kind.ts';
import { readEntries } from './entry-log.ts';
import { fieldCount, fieldOfNumber, keywordsOf } from './message-fields.ts';
import { spaceOf } from './space-row.ts';

/** What follows a cursor. */
export type Following =
	| {
			readonly kind: 'entries';
			readonly generation: string;
			readonly entries: readonly Entry[];
			/** The seq after these entries. */
			readonly seq: number;
			readonly head: number;
	  }
	/** The log no longer reaches back so far. */
	| { readonly kind: 'below-floor' }
	/** The cursor is of another history. */
	| { readonly kind: 'beyond-head' };

/** The log after a seq, as much as fits `limitBytes` and at least one entry where there is any. */
const entries: Operation<{ readonly after: number; readonly limitBytes: number }, Following> = {
	mode: 'read',
	run(database, { after, limitBytes }) {
		const { generation, head, floor } = spaceOf(database);
		if (after < floor) return { kind: 'below-floor' };
		if (after > head) return { kind: 'beyond-head' };
		const found = readEntries(database, after, limitBytes);
		return { kind: 'entries', generation, entries: found, seq: found.at(-1)?.seq ?? after, head };
	}
};

/** How many messages a pack may hold. */
const largestPack = 500;

/** The messages there are with these numbers, newest first; with `since` those placed after that entry. */
export function factsOf(database: Database, from: number, to: number, since = 0): MessageFact[] {
	const { arrival, placedSeq, withdrawnSeq } = messages;
	const rows = database
		.select()
		.from(messages)
		.innerJoin(summaries, eq(summaries.arrival, messages.arrival))
		.where(and(gte(arrival, from), lt(arrival, to), gt(placedSeq, since), isNull(withdrawnSeq)))
		.orderBy(desc(messages.arrival))
		.all();
	return rows.map(({ message, summary }) => ({
		id: message.id,
		arrival: message.arrival,
		receivedAt: message.receivedAt,
		mailbox: message.placedMailbox,
		keywords: keywordsOf(message.placedKeywords),
		thread: message.thread,
		// Written by `applyArrived` alone.
		summary: decodeAny(summary.bytes) as Summary,
		...(message.submission === null ? {} : { submission: message.submission })
	}));
}

const fieldNumbers = Array.from({ length: fieldCount }, (_, number) => number);

function registersOf(database: Database, from: number, to: number): MessageRegister[] {
	const { field, arrival } = messageRegisters;
	const rows = database
		.select()
		.from(messageRegisters)
		.where(and(inArray(field, fieldNumbers), gte(arrival, from), lt(arrival, to)))
		.all();
	return rows.map((row) => ({
		arrival: row.arrival,
		field: fieldOfNumber(row.field),
		value: JSON.parse(row.value) as RegisterValue,
		stamp: { time: row.time, counter: row.counter, device: row.device }
	}));
}

/**
 * The messages below arrival `before`, at most `count` and at most 500 numbers of them, newest first, with their
 * registers; `done` where there is none below.
 */
const pack: Operation<{ readonly before: number; readonly count: number }, Pack | 'done'> = {
	mode: 'read',
	run(database, { before, count }) {
		const { generation, head: seq, arrivals } = spaceOf(database);
		const to = Math.min(before, arrivals);
		if (to <= 0) return 'done';
		const from = Math.max(0, to - Math.min(Math.max(count, 1), largestPack));
		const facts = factsOf(database, from, to);
		const present = new Set(facts.map(({ arrival }) => arrival));
		const registers = registersOf(database, from, to).filter(({ arrival }) => present.has(arrival));
		return { cursor: { generation, seq }, from, to, messages: facts, registers };
	}
};

export const catchUpOperations = { entries, pack };
