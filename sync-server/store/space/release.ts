import type { CommandId, DeviceId, EnvelopeId, SubmissionId } from '#schema/ids.ts';
import { systemMailbox } from '#schema/mail/mailbox.ts';
import type { SubmissionFact, SubmissionState } from '#schema/mail/message.ts';
import type { RefusalCode } from '#schema/protocol/codes.ts';
import { decodeAny } from '#schema/protocol/frames.ts';
import type { Change, Cursor } from '#schema/space/entry.ts';
import { letters } from '#schema/tables/space.ts';
import { eq, type Database } from '../drizzle.ts';
import type { Operation, OperationContext } from '../file-kind.ts';
import { StoreError } from '../store-error.ts';
import { readAnswer, writeAnswer } from './answers.ts';
import { arrive } from './arrive.ts';
import { writeAudit, type Act } from './audit.ts';
import { appendEntry } from './entry-log.ts';
import { bodyOf, type ParsedMessage } from './parsed-message.ts';
import { headOf } from './space-row.ts';
import { draftChanges, findKey, findSubmission, writeKey, type SubmissionKey } from './submission-state.ts';
import type { JoinThread } from './threads.ts';

/** What the queue is told before it sends. `unknown`: that envelope was never accepted for the id here. */
export type ReleaseAnswer = 'released' | 'cancelled' | 'unknown';

/** What a device is told that calls a letter back, or lets it go before its time. */
export type HoldAnswer =
	| { readonly kind: 'done' }
	| { readonly kind: 'refused'; readonly code: RefusalCode; readonly detail: string };

/** A command of a device about a held letter. */
interface HoldCommand {
	readonly command: CommandId;
	readonly device: DeviceId;
	readonly submission: SubmissionId;
}

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

/** A held submission that goes now, by whose act; null where its time came. */
interface Going {
	readonly fence: Cursor;
	readonly fact: SubmissionFact;
	readonly key: SubmissionKey;
	readonly act: Act | null;
}

function letGo(
	database: Database,
	join: JoinThread,
	{ fence, fact, key, act }: Going,
	context: OperationContext
): void {
	const copy = sentCopy(database, join, fact.id, context);
	const sent = { deleted: true, generation: key.generation + 1 };
	appendEntry(database, context, {
		fence,
		act,
		origin: 'local',
		changes: [
			{ kind: 'submission', submission: { ...fact, state: 'queued' } },
			...copy,
			...draftChanges(database, key.document, sent, context.now)
		]
	});
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
			letGo(database, join, { fence, fact, key, act: null }, context);
			return 'released';
		}
	};
}

/** Calls a submission back, or remembers that it must not go when it comes. */
function cancelNow(
	database: Database,
	{ submission, device }: HoldCommand,
	context: OperationContext
): HoldAnswer {
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

/** Carries a command out and stores its answer in the same transaction; a repeat gets that answer. */
function onceOnly(
	carryOut: (database: Database, command: HoldCommand, context: OperationContext) => HoldAnswer
): Operation<HoldCommand, HoldAnswer> {
	return {
		mode: 'write',
		run(database, given, context) {
			const stored = readAnswer(database, given.command);
			if (stored?.kind === 'done' || stored?.kind === 'refused') return stored;
			if (stored !== null) throw new StoreError('conflict', 'the command id was used for something else');
			const answer = carryOut(database, given, context);
			writeAnswer(database, given.command, answer, context.now);
			return answer;
		}
	};
}

/** Calls a held submission back; refused once it was released. */
const cancelSubmission = onceOnly(cancelNow);

/** The operation that lets a held submission go before its time, because its sender asked for it. */
export function releaseEarlyOperation(join: JoinThread): Operation<HoldCommand, HoldAnswer> {
	return onceOnly((database, { submission, device }, context) => {
		const fence = headOf(database);
		const fact = findSubmission(database, submission);
		const key = findKey(database, submission);
		if (key === undefined) return { kind: 'refused', code: 'unknown-subject', detail: '' };
		if (fact === undefined || fact.state === 'cancelled') {
			return { kind: 'refused', code: 'cancelled', detail: '' };
		}
		if (fact.state === 'queued') return { kind: 'done' };
		const act = { edge: 'sync', device, action: 'release-submission', detail: '' } as const;
		letGo(database, join, { fence, fact, key, act }, context);
		return { kind: 'done' };
	});
}

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
