import type { MailboxId } from '#schema/ids.ts';
import { keywords, mailboxRoles, type Keyword } from '#schema/mail/mailbox.ts';
import type { MessageField } from '#schema/mail/message.ts';
import type { RegisterValue } from '#schema/docs/registers.ts';

/** Fields of messages by number; numbers are stored and never change their meaning. */
const fields: readonly MessageField[] = ['mailbox', ...keywords];

/** The number a field is stored under; null where it is no field of a message. */
export function numberOfField(field: string): number | null {
	const number = (fields as readonly string[]).indexOf(field);
	return number < 0 ? null : number;
}

/** The field stored under a number. */
export function fieldOfNumber(number: number): MessageField {
	const field = fields[number];
	if (field === undefined) throw new RangeError('not the number of a field');
	return field;
}

/** How many fields a message has; their numbers run from 0. */
export const fieldCount = fields.length;

/** Keywords as bits: bit = place in the list of keywords. */
export function bitsOf(present: readonly Keyword[]): number {
	return present.reduce((bits, keyword) => bits | bitOf(keyword), 0);
}

/** The bit of one keyword. */
export function bitOf(keyword: Keyword): number {
	return 1 << keywords.indexOf(keyword);
}

/** The keywords whose bits are set, in the order of the list. */
export function keywordsOf(bits: number): readonly Keyword[] {
	return keywords.filter((keyword) => (bits & bitOf(keyword)) !== 0);
}

/** What a register of a message says, once it is known to be one. */
export type MessageState =
	| { readonly kind: 'mailbox'; readonly mailbox: MailboxId }
	| { readonly kind: 'keyword'; readonly keyword: Keyword; readonly isSet: boolean };

/** Reads a register of a message; null where the field or its value is none. */
export function messageStateOf(field: string, value: RegisterValue): MessageState | null {
	if (field === 'mailbox') {
		const isMailbox = typeof value === 'string' && (mailboxRoles as readonly string[]).includes(value);
		return isMailbox ? { kind: 'mailbox', mailbox: value as MailboxId } : null;
	}
	const keyword = keywords.find((known) => known === field);
	if (keyword === undefined || typeof value !== 'boolean') return null;
	return { kind: 'keyword', keyword, isSet: value };
}
