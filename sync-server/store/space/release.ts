import type { CommandId, DeviceId, EnvelopeId, SubmissionId } from '#schema/ids.ts';
import { systemMailbox } from '#schema/mail/mailbox.ts';
import type { SubmissionState } from '#schema/mail/message.ts';
import type { RefusalCode } from '#schema/protocol/codes.ts';
import { decodeAny } from '#schema/protocol/frames.ts';
import type { Change } from '#schema/space/entry.ts';
import { letters } from '#schema/tables/space.ts';
import { eq, type Database } from '../drizzle.ts';
import type { Operation, OperationContext } from '../file-kind.ts';
import { StoreError } from '../store-error.ts';
import { readAnswer, writeAnswer } from './answers.ts';
import { arrive } from './arrive.ts';
import { writeAudit } from './audit.ts';
import { appendEntry } from './entry-log.ts';
import { bodyOf, type ParsedMessage } from './parsed-message.ts';
import { headOf } from './space-row.ts';
import { draftChanges, findKey, findSubmission, writeKey } from './submission-state.ts';
import type { JoinThread } from './threads.ts';

/** What the queue is told before it sends. `unknown`: that envelope was never accepted for the id here. */
export type ReleaseAnswer = 'released' | 'cancelled' | 'unknown';

export type CancelAnswer =
	| { readonly kind: 'done' }
	| { readonly kind: 'refused'; readonly code: RefusalCode; readonly detail: string };

/** Takes the rendered letter out of waiting and puts it into Sent. */
function sentCopy(
	database: Database,
	join: JoinThread,
	submission: SubmissionId,
	context: OperationContext
): readonly Change[] {
	const letter = database.delete(letters).where(eq(letters.submission, submission)).returning().get();
	if (letter === undefined) throw new StoreError('broken', 'a held submission has no letter');
	const arriving = {
		receivedAt: context.now,
		mailbox: systemMailbox('sent'),
		keywords: ['$seen'] as const,
		// Written by `submit` alone.
		parsed: decodeAny(letter.parsed) as ParsedMessage,
		body: bodyOf(letter),
		submission
	};
	return arrive(database, join, arriving, context).changes;
}

/**
 * The operation that lets a held submission go: from then on it can't be called back. In the same commit the
 * copy is placed in Sent and the draft goes. Releasing again changes nothing.
 */
export function releaseOperation(
	join: JoinThread
): Operation<{ readonly submission: SubmissionId; readonly envelope: EnvelopeId }, ReleaseAnswer> {
	return {
		mode: 'write',
		run(database, { submission, envelope }, context) {
			const fence = headOf(database);
			const fact = findSubmission(database, submission);
			const key = findKey(database, submission);
			if (key === undefined || key.envelope !== envelope) return 'unknown';
			if (fact === undefined || fact.state === 'cancelled') return 'cancelled';
			if (fact.state === 'queued') return 'released';
			const copy = sentCopy(database, join, submission, context);
			const sent = { deleted: true, generation: key.generation + 1 };
			appendEntry(database, context, {
				fence,
				act: null,
				origin: 'local',
				changes: [
					{ kind: 'submission', submission: { ...fact, state: 'queued' } },
					...copy,
					...draftChanges(database, key.document, sent, context.now)
				]
			});
			return 'released';
		}
	};
}

/** Calls a submission back, or remembers that it must not go when it comes. */
function cancelNow(
	database: Database,
	submission: SubmissionId,
	device: DeviceId,
	context: OperationContext
): CancelAnswer {
	const fence = headOf(database);
	const fact = findSubmission(database, submission);
	const key = findKey(database, submission);
	if (fact?.state === 'queued') return { kind: 'refused', code: 'already-released', detail: '' };
	if (fact?.state === 'cancelled') return { kind: 'done' };
	const act = { edge: 'sync', device, action: 'cancel-submission', detail: '' } as const;
	if (fact === undefined || key === undefined) {
		if (key !== undefined) return { kind: 'done' };
		const unused = { payloadHash: null, envelope: null, device, document: null, generation: 0, releaseAt: 0 };
		writeKey(database, submission, unused);
		writeAudit(database, act, null, context.now);
		return { kind: 'done' };
	}
	database.delete(letters).where(eq(letters.submission, submission)).run();
	appendEntry(database, context, {
		fence,
		act,
		origin: 'local',
		changes: [
			{ kind: 'submission', submission: { ...fact, state: 'cancelled' } },
			// The id is used up, so the draft's next sending needs another.
			...draftChanges(database, key.document, { generation: key.generation + 1 }, context.now)
		]
	});
	return { kind: 'done' };
}

/** Calls a held submission back; refused once it was released. */
const cancelSubmission: Operation<
	{ readonly command: CommandId; readonly device: DeviceId; readonly submission: SubmissionId },
	CancelAnswer
> = {
	mode: 'write',
	run(database, { command, device, submission }, context) {
		const stored = readAnswer(database, command);
		if (stored?.kind === 'done' || stored?.kind === 'refused') return stored;
		if (stored !== null) throw new StoreError('conflict', 'the command id was used for something else');
		const answer = cancelNow(database, submission, device, context);
		writeAnswer(database, command, answer, context.now);
		return answer;
	}
};

/** The state of each submission; `unknown` where an id was never accepted here. */
const submissionState: Operation<
	{ readonly submissions: readonly SubmissionId[] },
	readonly (SubmissionState | 'unknown')[]
> = {
	mode: 'read',
	run: (database, { submissions }) =>
		submissions.map((id) => {
			const known = findSubmission(database, id)?.state;
			return known ?? (findKey(database, id) === undefined ? 'unknown' : 'cancelled');
		})
};

/** How a submission stands that was accepted with this envelope; null where none was. */
const standing: Operation<
	{ readonly submission: SubmissionId; readonly envelope: EnvelopeId },
	{ readonly state: SubmissionState; readonly releaseAt: number } | null
> = {
	mode: 'read',
	run(database, { submission, envelope }) {
		const fact = findSubmission(database, submission);
		if (fact === undefined || findKey(database, submission)?.envelope !== envelope) return null;
		return { state: fact.state, releaseAt: fact.releaseAt };
	}
};

export const releaseOperations = {
	'submission-standing': standing,
	'cancel-submission': cancelSubmission,
	'submission-state': submissionState
};
