import type { RegisterValue } from '#schema/docs/registers.ts';
import type { DocumentId } from '#schema/ids.ts';
import { registerSubjects } from '#schema/mail/message.ts';
import type { PushedChange } from '#schema/protocol/messages.ts';
import type { Change, Cursor, RegisterChange } from '#schema/space/entry.ts';
import { subjectRegisters } from '#schema/tables/space.ts';
import { and, eq, type Database } from '../drizzle.ts';
import type { OperationContext } from '../file-kind.ts';
import { documentState } from './apply-documents.ts';
import { appendEntry } from './entry-log.ts';
import { fieldsOfForgotten } from './opening.ts';

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

/** Drafts, by register subject, that are gone and to which these changes write anything but that. */
export function goneAmong(database: Database, changes: readonly PushedChange[]): string[] {
	const written = changes.flatMap((change) => {
		if (change.kind === 'text' || change.target.kind !== 'subject') return [];
		const isRemoval = change.field === 'deleted' && change.value === true;
		return isRemoval || !change.target.subject.startsWith(prefix) ? [] : [change.target.subject];
	});
	return [...new Set(written)].filter((subject) => isGone(database, subject));
}

function registersOf(database: Database, subject: string): RegisterChange[] {
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
 * Logs what replicas may lack of drafts that were gone when somebody wrote to them, since openings leave out what has long
 * been gone ([S47]). Of one that is back that is all: its text as one update, its registers under their own stamps. Of
 * one that stays gone, that it is, and how often it was sent. Where it is known, none of it changes anything.
 */
export function tellOfGone(
	database: Database,
	context: OperationContext,
	fence: Cursor,
	gone: readonly string[]
): void {
	let { seq } = fence;
	let logged = 0;
	for (const subject of gone) {
		const registers = registersOf(database, subject);
		const changes: Change[] = [];
		if (isGone(database, subject)) {
			changes.push(...registers.filter(({ field }) => fieldsOfForgotten.includes(field)));
		} else {
			const document = subject.slice(prefix.length) as DocumentId;
			const update = logged < mostLogged.together ? documentState(database, document) : undefined;
			if (update !== undefined && update.byteLength <= mostLogged.one) {
				changes.push({ kind: 'text', document, update });
				logged += update.byteLength;
			}
			changes.push(...registers);
		}
		const append = { fence: { ...fence, seq }, act: null, origin: 'local', changes } as const;
		({ seq } = appendEntry(database, context, append));
	}
}
