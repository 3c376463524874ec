import type { RegisterValue } from '#schema/docs/registers.ts';
import type { DocumentId } from '#schema/ids.ts';
import { registerSubjects } from '#schema/mail/message.ts';
import type { PushedChange } from '#schema/protocol/messages.ts';
import type { Change, Cursor } from '#schema/space/entry.ts';
import { subjectRegisters } from '#schema/tables/space.ts';
import { and, eq, type Database } from '../drizzle.ts';
import type { OperationContext } from '../file-kind.ts';
import { documentState } from './apply-documents.ts';
import { appendEntry } from './entry-log.ts';

/**
 * The largest text that is logged, since an entry goes in one frame like an update of a device; and of all texts that
 * one batch brings back, since they are logged in one transaction. Bytes.
 */
const mostLogged = { one: 4 << 20, together: 32 << 20 } as const;

const prefix = registerSubjects.draft('' as DocumentId);

function isGone(database: Database, subject: string): boolean {
	const { subject: named, field, value } = subjectRegisters;
	const row = database
		.select({ value })
		.from(subjectRegisters)
		.where(and(eq(named, subject), eq(field, 'deleted')))
		.get();
	return row?.value === 'true';
}

/** Drafts, by register subject, that are gone and that these changes say are there. */
export function bringingBack(database: Database, changes: readonly PushedChange[]): string[] {
	const named = changes.flatMap((change) => {
		if (change.kind === 'text' || change.target.kind !== 'subject') return [];
		const isBack = change.field === 'deleted' && change.value === false;
		return isBack && change.target.subject.startsWith(prefix) ? [change.target.subject] : [];
	});
	return [...new Set(named)].filter((subject) => isGone(database, subject));
}

function registersOf(database: Database, subject: string): Change[] {
	const rows = database.select().from(subjectRegisters).where(eq(subjectRegisters.subject, subject)).all();
	return rows.map(({ field, value, time, counter, device }) => ({
		kind: 'registers',
		target: { kind: 'subject', subject },
		field,
		value: JSON.parse(value) as RegisterValue,
		stamp: { time, counter, device }
	}));
}

/**
 * Logs a draft whole that was gone and is back: its text as one update, its registers under their own stamps, both of which
 * change nothing where they are known. A replica may never have been told of it, or of less, since an opening leaves
 * out what has long been gone ([S47]).
 */
export function logWhole(
	database: Database,
	context: OperationContext,
	fence: Cursor,
	brought: readonly string[]
): void {
	let { seq } = fence;
	let logged = 0;
	for (const subject of brought) {
		if (isGone(database, subject)) continue;
		const document = subject.slice(prefix.length) as DocumentId;
		const update = logged < mostLogged.together ? documentState(database, document) : undefined;
		const changes: Change[] = registersOf(database, subject);
		if (update !== undefined && update.byteLength <= mostLogged.one) {
			changes.unshift({ kind: 'text', document, update });
			logged += update.byteLength;
		}
		const append = { fence: { ...fence, seq }, act: null, origin: 'local', changes } as const;
		({ seq } = appendEntry(database, context, append));
	}
}
