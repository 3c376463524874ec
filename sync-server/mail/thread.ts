/**
 * Which thread a message belongs to. A thread is the union of all messages that refer to one another (RFC 5322 section
 * 3.6.4), present or not; a reply that refers to nothing known joins by its base subject (RFC 5256 section 2.1).
 */
import type { ThreadKeys } from '#schema/mail/summary.ts';

const day = 86_400_000;

/** How far apart, in milliseconds, a reply and the thread it joins by subject alone may lie. */
export const subjectWindow = 30 * day;

/** A span of time in milliseconds UTC, both ends included. */
export interface Span {
	readonly from: number;
	readonly to: number;
}

/** What is known of the threads of a space. */
export interface ThreadLookup<Thread> {
	/** The thread that remembers an identifier: of a message in it, or of one that a message in it refers to. */
	byMessageId(messageId: string): Thread | null;
	/** The thread with a message of that base subject in the span; of several the one with the latest. */
	byBaseSubject(baseSubject: string, span: Span): Thread | null;
}

/** What becomes of a message. */
export type ThreadJoin<Thread> =
	| { readonly kind: 'new'; readonly remember: readonly string[] }
	| {
			readonly kind: 'join';
			readonly by: 'references' | 'subject';
			/** All become one; the first is that of the oldest reference. */
			readonly threads: readonly [Thread, ...Thread[]];
			readonly remember: readonly string[];
	  };

/**
 * Decides which threads a message joins. Pure: the caller makes the threads one and lets the result remember the
 * identifiers in `remember`, so that a message that comes after its replies finds them.
 * @param at when the message was sent, or came in where that is not known, in milliseconds UTC
 */
export function joinThread<Thread>(
	keys: ThreadKeys,
	at: number,
	lookup: ThreadLookup<Thread>
): ThreadJoin<Thread> {
	const remember = [...keys.references, keys.messageId].filter((id) => id !== '');
	const found = new Set<Thread>();
	for (const id of remember) {
		const thread = lookup.byMessageId(id);
		if (thread !== null) found.add(thread);
	}
	const [first, ...others] = found;
	if (first !== undefined) return { kind: 'join', by: 'references', threads: [first, ...others], remember };
	if (!keys.isReply || keys.baseSubject === '') return { kind: 'new', remember };
	const span: Span = { from: at - subjectWindow, to: at + subjectWindow };
	const related = lookup.byBaseSubject(keys.baseSubject, span);
	return related === null
		? { kind: 'new', remember }
		: { kind: 'join', by: 'subject', threads: [related], remember };
}
