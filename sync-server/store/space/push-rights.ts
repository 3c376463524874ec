import * as Y from 'yjs';
import type { RegisterValue } from '#schema/docs/registers.ts';
import { isId } from '#schema/ids.ts';
import { draftFields, registerSubjects, type DraftField } from '#schema/mail/message.ts';
import type { RefusalCode } from '#schema/protocol/codes.ts';
import type { PushedChange } from '#schema/protocol/messages.ts';
import { messageStateOf, numberOfField } from './message-fields.ts';

type Registers = Extract<PushedChange, { kind: 'registers' }>;

/** What each field of a draft may hold. */
const draftValues: Record<DraftField, (value: RegisterValue) => boolean> = {
	to: (value) => value === null || typeof value === 'string' || Array.isArray(value),
	subject: (value) => typeof value === 'string',
	snippet: (value) => typeof value === 'string',
	savedAt: (value) => value === null || typeof value === 'number',
	attachments: (value) => typeof value === 'number',
	deleted: (value) => typeof value === 'boolean',
	generation: (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
};

function objectionToMessages({ target, field, value }: Registers, arrivals: number): RefusalCode | null {
	if (target.kind !== 'messages') return 'malformed';
	if (numberOfField(field) === null) return 'not-permitted';
	if (messageStateOf(field, value) === null) return 'malformed';
	const { arrivals: ranges } = target;
	if (ranges.length === 0) return 'malformed';
	const end = (ranges.at(-2) ?? 0) + (ranges.at(-1) ?? 0);
	return end > arrivals ? 'unknown-subject' : null;
}

function objectionToDraft({ field, value }: Registers): RefusalCode | null {
	const known = draftFields.find((draftField) => draftField === field);
	if (known === undefined) return 'not-permitted';
	return draftValues[known](value) ? null : 'malformed';
}

function objectionToRegisters(change: Registers, arrivals: number): RefusalCode | null {
	if (change.target.kind === 'messages') return objectionToMessages(change, arrivals);
	const { subject } = change.target;
	if (subject === registerSubjects.settings) return null;
	const [kind, id] = subject.split(':', 2);
	return kind === 'draft' && isId(id) && subject === `draft:${id}`
		? objectionToDraft(change)
		: 'not-permitted';
}

function isUpdate(update: Uint8Array): boolean {
	try {
		Y.decodeUpdate(update);
		return true;
	} catch {
		// Not an update, or nested beyond reason: it never reaches the log.
		return false;
	}
}

/**
 * Why a person may not make this change in their own mailbox; null where they may. Only named fields of
 * messages that exist, of drafts, and settings can be written ([S11]).
 */
export function objectionTo(change: PushedChange, arrivals: number): RefusalCode | null {
	switch (change.kind) {
		case 'registers':
			return objectionToRegisters(change, arrivals);
		case 'text':
			return isUpdate(change.update) ? null : 'malformed';
	}
}
