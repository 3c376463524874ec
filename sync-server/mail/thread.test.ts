import { describe, expect, it } from 'vitest';
import type { ThreadKeys } from '#schema/mail/summary.ts';
import { joinThread, subjectWindow, type ThreadLookup } from './thread.ts';

const keys = (
	messageId: string,
	references: string[] = [],
	baseSubject = '',
	isReply = false
): ThreadKeys => ({
	messageId,
	references,
	baseSubject,
	isReply
});

/** Threads that remember these identifiers, and were last written to under these subjects at these times. */
function known(
	ids: Record<string, number>,
	subjects: Record<string, [thread: number, at: number]> = {}
): ThreadLookup<number> {
	return {
		byMessageId: (id) => ids[id] ?? null,
		byBaseSubject(subject, { from, to }) {
			const [thread, at] = subjects[subject] ?? [];
			return thread !== undefined && at !== undefined && at >= from && at <= to ? thread : null;
		}
	};
}

const now = Date.UTC(2024, 4, 1);

describe('joining a thread', () => {
	it('[M20] [2.4-a] begins a new one that remembers what the message refers to', () => {
		expect(joinThread(keys('c', ['a', 'b']), now, known({}))).toEqual({
			kind: 'new',
			remember: ['a', 'b', 'c']
		});
	});

	it('[M20] [2.4-a] finds the thread of a reference, present or only referred to', () => {
		expect(joinThread(keys('c', ['a', 'b']), now, known({ b: 7 }))).toEqual({
			kind: 'join',
			by: 'references',
			threads: [7],
			remember: ['a', 'b', 'c']
		});
	});

	it('[M20] finds the thread of replies that came before', () => {
		expect(joinThread(keys('a'), now, known({ a: 3 }))).toMatchObject({ kind: 'join', threads: [3] });
	});

	it('[M20] makes several threads one, that of the oldest reference first', () => {
		const join = joinThread(keys('d', ['a', 'b', 'c']), now, known({ c: 1, b: 2, a: 2, d: 5 }));
		expect(join).toMatchObject({ kind: 'join', threads: [2, 1, 5] });
	});

	it('[M20] goes by the subject only for a reply, only where no reference is known, within 30 days', () => {
		const at = (when: number): ThreadLookup<number> => known({ x: 1 }, { lunch: [9, when] });
		const reply = keys('m', ['unknown'], 'lunch', true);
		expect(joinThread(reply, now, at(now))).toMatchObject({ kind: 'join', by: 'subject', threads: [9] });
		expect(joinThread(reply, now, at(now - subjectWindow))).toMatchObject({ kind: 'join' });
		expect(joinThread(reply, now, at(now + subjectWindow))).toMatchObject({ kind: 'join' });
		expect(joinThread(reply, now, at(now - subjectWindow - 1))).toMatchObject({ kind: 'new' });
		expect(joinThread(reply, now, at(now + subjectWindow + 1))).toMatchObject({ kind: 'new' });
		expect(joinThread({ ...reply, references: ['x'] }, now, at(now))).toMatchObject({ threads: [1] });
		expect(joinThread({ ...reply, isReply: false }, now, at(now))).toMatchObject({ kind: 'new' });
	});

	it('[M20] does not take messages without identifier or subject for one thread', () => {
		const lookup = known({ '': 1 }, { '': [2, now] });
		expect(joinThread(keys('', [], '', true), now, lookup)).toEqual({ kind: 'new', remember: [] });
	});
});
