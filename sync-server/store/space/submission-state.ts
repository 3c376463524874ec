import type { DeviceId, DocumentId, EnvelopeId, SubmissionId } from '#schema/ids.ts';
import type { MailAddress } from '#schema/mail/address.ts';
import { registerSubjects, type DraftField, type SubmissionFact } from '#schema/mail/message.ts';
import type { RegisterValue } from '#schema/docs/registers.ts';
import { decodeAny } from '#schema/protocol/frames.ts';
import type { Change } from '#schema/space/entry.ts';
import { submissionKeys, submissions } from '#schema/tables/space.ts';
import { eq, type Database } from '../drizzle.ts';
import { serverStamps } from './stamps.ts';

/** What a submission id stands for. */
export interface SubmissionKey {
	/** Hash of the one payload accepted under the id; null where it was called back before it came. */
	readonly payloadHash: string | null;
	/** The envelope of the queue that was accepted for it; null where there never was one. */
	readonly envelope: EnvelopeId | null;
	readonly device: DeviceId | null;
	readonly document: DocumentId | null;
	readonly generation: number;
	readonly releaseAt: number;
}

/** What an id stands for; undefined where it was never used. */
export function findKey(database: Database, submission: SubmissionId): SubmissionKey | undefined {
	return database.select().from(submissionKeys).where(eq(submissionKeys.submission, submission)).get();
}

/** Binds an id, for ever. */
export function writeKey(database: Database, submission: SubmissionId, key: SubmissionKey): void {
	database
		.insert(submissionKeys)
		.values({ submission, ...key })
		.run();
}

/** A row of `submission` as the fact it holds. */
export function factOf({ bytes, sentAt: at, zone, ...row }: typeof submissions.$inferSelect): SubmissionFact {
	// Written by `applySubmission` alone.
	const letter = decodeAny(bytes) as { subject: string; recipients: MailAddress[] };
	return { ...row, ...letter, ...(at === null || zone === null ? {} : { sentAt: { at, zone } }) };
}

/** The submission as it stands; undefined where there is none. */
export function findSubmission(database: Database, id: SubmissionId): SubmissionFact | undefined {
	const row = database.select().from(submissions).where(eq(submissions.id, id)).get();
	return row === undefined ? undefined : factOf(row);
}

/** Registers of a draft in the server's own name, each above every stamp of the space. */
export function draftChanges(
	database: Database,
	document: DocumentId | null,
	values: Partial<Record<DraftField, RegisterValue>>,
	now: number
): Change[] {
	if (document === null) return [];
	const stampOf = serverStamps(database, now);
	const target = { kind: 'subject', subject: registerSubjects.draft(document) } as const;
	return Object.entries(values).map(([field, value]) => ({
		kind: 'registers',
		target,
		field,
		value,
		stamp: stampOf()
	}));
}
