import type { CommandId, DeviceId, DocumentId, EnvelopeId, SubmissionId } from '#schema/ids.ts';
import type { MailAddress } from '#schema/mail/address.ts';
import type { SubmissionFact } from '#schema/mail/message.ts';
import { encodeAny } from '#schema/protocol/frames.ts';
import type { CommandResult } from '#schema/protocol/messages.ts';
import type { Cursor } from '#schema/space/entry.ts';
import { letters } from '#schema/tables/space.ts';
import type { ZonedInstant } from '#schema/zoned-instant.ts';
import type { Database } from '../drizzle.ts';
import type { Operation, OperationContext } from '../file-kind.ts';
import { readAnswer, writeAnswer } from './answers.ts';
import { appendEntry } from './entry-log.ts';
import { columnsOf, type BodyReference, type ParsedMessage } from './parsed-message.ts';
import { headOf } from './space-row.ts';
import { findKey, findSubmission, writeKey, type SubmissionKey } from './submission-state.ts';

/** A letter handed over for sending, rendered. This commit decides whether it is sent. */
export interface Submitting {
	readonly submission: SubmissionId;
	/** The queue's envelope that holds it; no other one is ever released for this submission. */
	readonly envelope: EnvelopeId;
	/** Who asks; both null for a letter from an SMTP client. */
	readonly device: DeviceId | null;
	readonly command: CommandId | null;
	/** The draft it was made from, and how often that had been sent before; null and 0 without one. */
	readonly document: DocumentId | null;
	readonly generation: number;
	/** Hash of what was submitted, before it was rendered: the same letter has the same hash. */
	readonly payloadHash: string;
	readonly subject: string;
	readonly recipients: readonly MailAddress[];
	/** What its Date header says, where that was written here. */
	readonly sentAt?: ZonedInstant;
	/** Until when it can be called back, milliseconds UTC. */
	readonly releaseAt: number;
	/** The rendered message: what becomes the copy in Sent. */
	readonly parsed: ParsedMessage;
	readonly body: BodyReference;
}

export type SubmitAnswer =
	| { readonly kind: 'accepted'; readonly releaseAt: number }
	/** It was decided before; the result is the one of the first time. */
	| { readonly kind: 'replay'; readonly result: CommandResult }
	/** `detail`: for `already-sent` the device that sent the other letter, or an empty text. */
	| { readonly kind: 'refused'; readonly code: 'already-sent' | 'cancelled'; readonly detail: string };

function decide(database: Database, input: Submitting, known: SubmissionKey | undefined): SubmitAnswer {
	if (known === undefined) return { kind: 'accepted', releaseAt: input.releaseAt };
	const isCancelled = findSubmission(database, input.submission)?.state === 'cancelled';
	if (known.payloadHash === null || isCancelled) return { kind: 'refused', code: 'cancelled', detail: '' };
	if (known.payloadHash !== input.payloadHash) {
		return { kind: 'refused', code: 'already-sent', detail: known.device ?? '' };
	}
	return { kind: 'replay', result: { kind: 'submitted', releaseAt: known.releaseAt } };
}

function accept(database: Database, input: Submitting, fence: Cursor, context: OperationContext): void {
	const { submission, envelope, device, document, generation, payloadHash, releaseAt, subject, recipients } =
		input;
	writeKey(database, submission, { payloadHash, envelope, device, document, generation, releaseAt });
	const parsed = Buffer.from(encodeAny(input.parsed));
	database
		.insert(letters)
		.values({ submission, parsed, ...columnsOf(input.body) })
		.run();
	const fact: SubmissionFact = {
		id: submission,
		document,
		state: 'held',
		releaseAt,
		subject,
		recipients,
		submittedAt: context.now,
		...(input.sentAt === undefined ? {} : { sentAt: input.sentAt })
	};
	const by = device === null ? ({ edge: 'smtp', device } as const) : ({ edge: 'sync', device } as const);
	appendEntry(database, context, {
		fence,
		act: { ...by, action: 'submit', detail: `recipients ${recipients.length}` },
		origin: 'local',
		changes: [{ kind: 'submission', submission: fact }]
	});
}

function resultOf(answer: SubmitAnswer): CommandResult {
	switch (answer.kind) {
		case 'accepted':
			return { kind: 'submitted', releaseAt: answer.releaseAt };
		case 'replay':
			return answer.result;
		case 'refused':
			return answer;
	}
}

/**
 * Decides on a submission: one payload per id, for ever. The same payload again gets the stored result, another
 * one is refused, and so is anything under an id that was called back.
 */
const submit: Operation<Submitting, SubmitAnswer> = {
	mode: 'write',
	run(database, input, context) {
		const stored = input.command === null ? null : readAnswer(database, input.command);
		if (stored !== null) return { kind: 'replay', result: stored };
		const fence = headOf(database);
		const answer = decide(database, input, findKey(database, input.submission));
		if (answer.kind === 'accepted') accept(database, input, fence, context);
		if (input.command !== null) writeAnswer(database, input.command, resultOf(answer), context.now);
		return answer;
	}
};

export const submitOperations = { submit };
