import type { ThreadKeys } from '#schema/mail/summary.ts';
import type { Stored } from '../connection.ts';
import { perDatabase, type Database } from '../drizzle.ts';

/** A span of time in milliseconds UTC, both ends included. */
interface Span {
	readonly from: number;
	readonly to: number;
}

/** What a space knows of its threads; a thread is named by the arrival number of its first message. */
export interface KnownThreads {
	/** The thread of a message that has or refers to this Message-ID. */
	byMessageId(messageId: string): number | null;
	/** The thread with the latest message of this base subject in the span. */
	byBaseSubject(baseSubject: string, span: Span): number | null;
}

/** Which threads a message joins, and the Message-IDs it is to be found by. */
export type Joining =
	| { readonly kind: 'new'; readonly remember: readonly string[] }
	| {
			readonly kind: 'join';
			readonly threads: readonly [number, ...number[]];
			readonly remember: readonly string[];
	  };

/** Decides on the threads of a message sent at `at` (milliseconds UTC); `joinThread` of mail is one. */
export type JoinThread = (keys: ThreadKeys, at: number, known: KnownThreads) => Joining;

/** Where a new message goes: its thread, and the threads that become one with it through this message. */
export interface Threading {
	readonly thread: number;
	readonly joined: readonly number[];
}

// The way of every message; Drizzle would take longer over these than SQLite does.
const statements = perDatabase(({ $client }) => ({
	byMessageId: $client
		.prepare(
			`SELECT message.thread FROM thread_id JOIN message ON message.arrival = thread_id.arrival
				WHERE thread_id.message_id = ?`
		)
		.raw(),
	byBaseSubject: $client
		.prepare(
			`SELECT message.thread FROM thread_subject JOIN message ON message.arrival = thread_subject.arrival
				WHERE thread_subject.subject = ? AND thread_subject.at BETWEEN ? AND ?
				ORDER BY thread_subject.at DESC LIMIT 1`
		)
		.raw(),
	rememberId: $client.prepare(
		'INSERT INTO thread_id (message_id, arrival) VALUES (?, ?) ON CONFLICT DO NOTHING'
	),
	rememberSubject: $client.prepare('INSERT INTO thread_subject (subject, at, arrival) VALUES (?, ?, ?)')
}));

function threadIn(row: readonly Stored[] | undefined): number | null {
	const thread = row?.[0];
	return typeof thread === 'number' ? thread : null;
}

function knownThreads(database: Database): KnownThreads {
	const { byMessageId, byBaseSubject } = statements(database);
	return {
		byMessageId: (messageId) => threadIn(byMessageId.get(messageId)),
		byBaseSubject: (subject, span) => threadIn(byBaseSubject.get(subject, span.from, span.to))
	};
}

/**
 * Decides the thread of the message that gets this arrival number, and lets later messages find it by its ids
 * and its base subject. Of threads that become one, the one that began first gives the name.
 */
export function threadMessage(
	database: Database,
	join: JoinThread,
	{ keys, at, arrival }: { readonly keys: ThreadKeys; readonly at: number; readonly arrival: number }
): Threading {
	const { rememberId, rememberSubject } = statements(database);
	const joining = join(keys, at, knownThreads(database));
	for (const messageId of joining.remember) rememberId.run(messageId, arrival);
	if (keys.baseSubject !== '') rememberSubject.run(keys.baseSubject, at, arrival);
	if (joining.kind === 'new') return { thread: arrival, joined: [] };
	const thread = Math.min(...joining.threads);
	return { thread, joined: joining.threads.filter((other) => other !== thread) };
}
