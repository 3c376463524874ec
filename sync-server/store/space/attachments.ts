import type { AttachmentId, DeviceId, DocumentId } from '#schema/ids.ts';
import { submissionLimits } from '#schema/mail/submission-limits.ts';
import { attachments } from '#schema/tables/space.ts';
import { eq, sql, type Database } from '../drizzle.ts';
import type { Operation } from '../file-kind.ts';
import { isBlobHash, type BlobHash } from '../blobs/blob-store.ts';
import { useBytes } from './arrive.ts';
import { writeAudit } from './audit.ts';
import { spaceOf } from './space-row.ts';

/** The bytes of an attachment: themselves with their hash, or in the blob store under it. */
export type AttachmentBody =
	| { readonly kind: 'inline'; readonly hash: BlobHash; readonly bytes: Uint8Array }
	| { readonly kind: 'blob'; readonly hash: BlobHash; readonly size: number };

/** A file that a draft carries. */
export interface Attachment {
	readonly id: AttachmentId;
	readonly document: DocumentId;
	readonly name: string;
	readonly type: string;
	readonly body: AttachmentBody;
}

export type AttachmentAnswer =
	| { readonly kind: 'stored'; readonly size: number }
	| { readonly kind: 'refused'; readonly code: 'too-large' | 'quota' | 'not-permitted' };

type AttachmentRow = typeof attachments.$inferSelect;

function sizeOf(body: AttachmentBody): number {
	return body.kind === 'inline' ? body.bytes.byteLength : body.size;
}

function attachmentOf({ id, document, name, type, size, hash, bytes }: AttachmentRow): Attachment {
	if (!isBlobHash(hash)) throw new TypeError('an attachment without a hash');
	const body: AttachmentBody =
		bytes === null ? { kind: 'blob', hash, size } : { kind: 'inline', hash, bytes };
	return { id, document, name, type, body };
}

function totalsOf(database: Database, document: DocumentId) {
	const totals = database
		.select({ count: sql<number>`count(*)`, bytes: sql<number>`coalesce(sum(${attachments.size}), 0)` })
		.from(attachments)
		.where(eq(attachments.document, document))
		.get();
	return totals ?? { count: 0, bytes: 0 };
}

function refusalOf(database: Database, { document, body }: Attachment): AttachmentAnswer | undefined {
	const size = sizeOf(body);
	const { count, bytes } = totalsOf(database, document);
	const { usedBytes, quotaBytes } = spaceOf(database);
	if (count >= submissionLimits.attachments || bytes + size > submissionLimits.attachmentBytes) {
		return { kind: 'refused', code: 'too-large' };
	}
	if (quotaBytes !== null && usedBytes + size > quotaBytes) return { kind: 'refused', code: 'quota' };
	return undefined;
}

/**
 * Stores a file for a draft. The same id with the same bytes again changes nothing; with other bytes, or for
 * another draft, it is refused. `device`: which one sent it, where that is known.
 */
const put: Operation<Attachment & { readonly device: DeviceId | null }, AttachmentAnswer> = {
	mode: 'write',
	run(database, { device, ...attachment }, { now }) {
		const { id, document, name, type, body } = attachment;
		const size = sizeOf(body);
		const known = database.select().from(attachments).where(eq(attachments.id, id)).get();
		if (known !== undefined) {
			const isSame = known.hash === body.hash && known.document === document;
			return isSame ? { kind: 'stored', size } : { kind: 'refused', code: 'not-permitted' };
		}
		const refusal = refusalOf(database, attachment);
		if (refusal !== undefined) return refusal;
		const bytes = body.kind === 'inline' ? Buffer.from(body.bytes) : null;
		database
			.insert(attachments)
			.values({ id, document, name, type, size, hash: body.hash, bytes, createdAt: now })
			.run();
		useBytes(database, size);
		writeAudit(database, { edge: 'http', device, action: 'attach', detail: `bytes ${size}` }, null, now);
		return { kind: 'stored', size };
	}
};

/** An attachment by its id; null where there is none. */
const get: Operation<{ readonly id: AttachmentId }, Attachment | null> = {
	mode: 'read',
	run(database, { id }) {
		const row = database.select().from(attachments).where(eq(attachments.id, id)).get();
		return row === undefined ? null : attachmentOf(row);
	}
};

export const attachmentOperations = { 'attachment-put': put, 'attachment-get': get };
