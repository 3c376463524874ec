import type { DocumentId } from '#schema/ids.ts';
import { submissionIdOf } from '#schema/mail/submission.ts';
import { registerSubjects, type DraftField } from '#schema/mail/message.ts';
import type { RegisterValue } from '#schema/docs/registers.ts';
import type { NewChange } from '../changes/write.ts';
import type { DraftRow } from '../drafts.ts';
import type { OutboxMemory } from '../outbox/outbox-memory.ts';
import type { SubjectRegisters } from '../state/subject-registers.ts';

const prefix = registerSubjects.draft('' as DocumentId);

/** The document a register subject is about; undefined for another subject. */
export function draftOf(subject: string): DocumentId | undefined {
	return subject.startsWith(prefix) ? (subject.slice(prefix.length) as DocumentId) : undefined;
}

/** Every draft that has a row, deleted ones too. */
export function draftIds(subjects: SubjectRegisters): DocumentId[] {
	return subjects.subjects(prefix).map((subject) => subject.slice(prefix.length) as DocumentId);
}

/** What the list says of a draft. */
export type DraftRegisters = Readonly<Partial<Record<DraftField, RegisterValue>>>;

/** The writes that make these fields so; those that are so already are left out. */
export function draftChanges(
	subjects: SubjectRegisters,
	id: DocumentId,
	fields: DraftRegisters
): NewChange[] {
	const subject = registerSubjects.draft(id);
	return Object.entries(fields).flatMap(([field, value]) =>
		subjects.value(subject, field) === value
			? []
			: [{ kind: 'registers', target: { kind: 'subject', subject }, field, value } as const]
	);
}

function textOf(value: RegisterValue | undefined): string {
	return typeof value === 'string' ? value : '';
}

function numberOf(value: RegisterValue | undefined): number {
	return typeof value === 'number' ? value : 0;
}

/** How often the draft was sent before; part of the id of its next submission. */
export function generationOf(subjects: SubjectRegisters, id: DocumentId): number {
	return numberOf(subjects.value(registerSubjects.draft(id), 'generation'));
}

/** Whether the server let a letter of the draft go: it deletes the draft and counts its generation up. */
export function isSent(subjects: SubjectRegisters, id: DocumentId): boolean {
	const { fields } = subjects.confirmed(registerSubjects.draft(id));
	return fields['deleted']?.value === true && generationOf(subjects, id) > 0;
}

/** Whether somebody threw the draft away, other than by sending it. */
export function isDiscarded(subjects: SubjectRegisters, id: DocumentId): boolean {
	return subjects.value(registerSubjects.draft(id), 'deleted') === true && !isSent(subjects, id);
}

/** Whether the draft is on its way: in the outbox, or with the server and not called back. */
function isSending(subjects: SubjectRegisters, outbox: OutboxMemory, id: DocumentId): boolean {
	if (outbox.rowSending(id) !== undefined) return true;
	const fact = outbox.submissions.get(submissionIdOf(id, generationOf(subjects, id)));
	return fact !== undefined && fact.state !== 'cancelled';
}

/** A draft as a list shows it; undefined where it was never written, or deleted. */
export function draftRow(
	subjects: SubjectRegisters,
	outbox: OutboxMemory,
	id: DocumentId
): DraftRow | undefined {
	const value = (field: DraftField) => subjects.value(registerSubjects.draft(id), field);
	const savedAt = value('savedAt');
	if (savedAt === undefined || value('deleted') === true) return undefined;
	return {
		id,
		to: textOf(value('to')),
		subject: textOf(value('subject')),
		snippet: textOf(value('snippet')),
		savedAt: numberOf(savedAt),
		attachments: numberOf(value('attachments')),
		sending: isSending(subjects, outbox, id)
	};
}
