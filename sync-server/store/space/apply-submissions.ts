import type { DeliveryFact, SubmissionFact } from '#schema/mail/message.ts';
import { encodeAny } from '#schema/protocol/frames.ts';
import { submissionDeliveries, submissions } from '#schema/tables/space.ts';
import type { Database } from '../drizzle.ts';

/** A letter was handed over, or its state changed. */
export function applySubmission(database: Database, fact: SubmissionFact): void {
	const { id, document, state, releaseAt, submittedAt, sentAt, subject, recipients } = fact;
	const row = {
		document,
		state,
		releaseAt,
		submittedAt,
		sentAt: sentAt?.at ?? null,
		zone: sentAt?.zone ?? null,
		bytes: Buffer.from(encodeAny({ subject, recipients }))
	};
	database
		.insert(submissions)
		.values({ id, ...row })
		.onConflictDoUpdate({ target: submissions.id, set: row })
		.run();
}

/** Something happened to a recipient; it replaces what was known of them. */
export function applyDelivery(database: Database, fact: DeliveryFact): void {
	const { submission, recipient, ...state } = fact;
	database
		.insert(submissionDeliveries)
		.values({ submission, recipient, ...state })
		.onConflictDoUpdate({
			target: [submissionDeliveries.submission, submissionDeliveries.recipient],
			set: state
		})
		.run();
}
