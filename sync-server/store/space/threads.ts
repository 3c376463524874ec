import type { ThreadKeys } from '#schema/mail/summary.ts';
import { messages, threadIds, threadSubjects } from '#schema/tables/space.ts';
import { and, between, desc, eq, perDatabase, sql, type Database } from '../drizzle.ts';

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

const statements = perDatabase((database) => ({
	byMessageId: database
		.select({ thread: messages.thread })
		.from(threadIds)
		.innerJoin(messages, eq(messages.arrival, threadIds.arrival))
		.where(eq(threadIds.messageId, sql.placeholder('messageId')))
		.prepare(),
	byBaseSubject: database
		.select({ thread: messages.thread })
		.from(threadSubjects)
		.innerJoin(messages, eq(messages.arrival, threadSubjects.arrival))
		.where(
			and(
				eq(threadSubjects.subject, sql.placeholder('subject')),
				between(threadSubjects.at, sql.placeholder('from'), sql.placeholder('to'))
			)
		)
		.orderBy(desc(threadSubjects.at))
		.limit(1)
		.prepare(),
	rememberId: database
		.insert(threadIds)
		.values({ messageId: sql.placeholder('messageId'), arrival: sql.placeholder('arrival') })
		.onConflictDoNothing()
		.prepare(),
	rememberSubject: database
		.insert(threadSubjects)
		.values({
			subject: sql.placeholder('subject'),
			at: sql.placeholder('at'),
			arrival: sql.placeholder('arrival')
		})
		.prepare()
}));

function knownThreads(database: Database): KnownThreads {
	const { byMessageId, byBaseSubject } = statements(database);
	return {
		byMessageId: (messageId) => byMessageId.get({ messageId })?.thread ?? null,
		byBaseSubject: (subject, span) => byBaseSubject.get({ subject, ...span })?.thread ?? null
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
	for (const messageId of joining.remember) rememberId.run({ messageId, arrival });
	if (keys.baseSubject !== '') rememberSubject.run({ subject: keys.baseSubject, at, arrival });
	if (joining.kind === 'new') return { thread: arrival, joined: [] };
	const thread = Math.min(...joining.threads);
	return { thread, joined: joining.threads.filter((other) => other !== thread) };
}
