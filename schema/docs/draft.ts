import * as Y from 'yjs';
import type { AttachmentId } from '../ids.ts';
import { isId } from '../ids.ts';
import { isAddress, type MailAddress } from '../mail/address.ts';
import { submissionLimits, type ComposedLetter } from '../mail/submission.ts';
import { bodyText, draftHtml } from './draft-html.ts';
import {
	headOf,
	quotedOf,
	textOf,
	wantParts,
	type Quoted,
	type Unquoted,
	type WantedPart
} from './draft-original.ts';

/**
 * A draft as a text document: map `head` {subject, from, inReplyTo, references, answers, quoted, unquoted}, arrays
 * `to`, `cc`, `bcc` of {name, address}, array `attachments` of {id, name, type, size}, map `wanted` of section to
 * {name, type, size}, and XML fragment `body` of the editor's nodes. The shape only ever grows. Whatever another
 * device wrote is read with care.
 */

/** An attachment as the draft lists it; its bytes are elsewhere. */
export interface AttachmentRow {
	readonly id: AttachmentId;
	readonly name: string;
	readonly type: string;
	readonly size: number;
}

/** The message a draft answers or forwards. */
export interface Answered {
	/** Arrival number. */
	readonly arrival: number;
	readonly how: 'reply' | 'forward';
}

/** What a new draft starts with. */
export interface DraftSeed {
	readonly from: MailAddress;
	readonly to?: readonly MailAddress[];
	readonly cc?: readonly MailAddress[];
	readonly bcc?: readonly MailAddress[];
	readonly subject?: string;
	/** First paragraphs of the body, one per line; plain text. */
	readonly text?: string;
	readonly inReplyTo?: string | null;
	readonly references?: readonly string[];
	readonly answers?: Answered;
	readonly quoted?: Quoted;
	readonly unquoted?: Unquoted;
	readonly wanted?: readonly WantedPart[];
}

export type RecipientField = 'to' | 'cc' | 'bcc';

/** Longest text of a recipient that is still being typed. */
const maxTyped = 300;

function addressOf(value: unknown): MailAddress | undefined {
	if (typeof value !== 'object' || value === null) return undefined;
	const { name, address } = value as { name?: unknown; address?: unknown };
	if (typeof address !== 'string' || address === '') return undefined;
	return { name: textOf(name, 200), address: address.slice(0, maxTyped) };
}

/** Fills an empty document with what a new draft starts with, in one transaction. */
export function seedDraft(draft: Y.Doc, seed: DraftSeed): void {
	draft.transact(() => {
		const head = headOf(draft);
		head.set('subject', seed.subject ?? '');
		head.set('from', { ...seed.from });
		head.set('inReplyTo', seed.inReplyTo ?? null);
		head.set('references', [...(seed.references ?? [])]);
		if (seed.answers !== undefined) head.set('answers', { ...seed.answers });
		if (seed.quoted !== undefined) head.set('quoted', { ...seed.quoted });
		if (seed.unquoted !== undefined) head.set('unquoted', seed.unquoted);
		wantParts(draft, seed.wanted ?? []);
		for (const field of ['to', 'cc', 'bcc'] as const) {
			draft.getArray(field).push((seed[field] ?? []).map((address) => ({ ...address })));
		}
		const paragraphs = (seed.text ?? '').split('\n').map((line) => {
			const paragraph = new Y.XmlElement('paragraph');
			if (line !== '') paragraph.insert(0, [new Y.XmlText(line)]);
			return paragraph;
		});
		bodyOf(draft).push(paragraphs);
	});
}

/** The body the editor works on. */
export function bodyOf(draft: Y.Doc): Y.XmlFragment {
	return draft.getXmlFragment('body');
}

/** The subject, cut to `submissionLimits.subject` characters; empty where the document does not say. */
export function subjectOf(draft: Y.Doc): string {
	return textOf(headOf(draft).get('subject'), submissionLimits.subject);
}

/** Sets the subject; writes nothing where it reads so already. What is too long is cut when it is read. */
export function setSubject(draft: Y.Doc, subject: string): void {
	if (subject !== subjectOf(draft)) headOf(draft).set('subject', subject);
}

/** Whom it is from; undefined where the document does not say. */
export function fromOf(draft: Y.Doc): MailAddress | undefined {
	return addressOf(headOf(draft).get('from'));
}

/** Sets whom it is from; that it is a permitted address is for the server to decide. */
export function setFrom(draft: Y.Doc, from: MailAddress): void {
	headOf(draft).set('from', { ...from });
}

/**
 * Recipients of one field in the order in which they were added. An address written the same way counts once, with
 * its first name; what can't be read and what comes after one more than `submissionLimits.recipients` is left out. An address may
 * be unfinished.
 */
export function recipientsOf(draft: Y.Doc, field: RecipientField): MailAddress[] {
	const byAddress = new Map<string, MailAddress>();
	for (const value of draft.getArray(field).toArray()) {
		const address = addressOf(value);
		if (address !== undefined && !byAddress.has(address.address)) byAddress.set(address.address, address);
	}
	return [...byAddress.values()].slice(0, submissionLimits.recipients + 1);
}

/** Adds a row at the end of that field, also where the address is there already or the field is full. */
export function addRecipient(draft: Y.Doc, field: RecipientField, recipient: MailAddress): void {
	draft.getArray(field).push([{ ...recipient }]);
}

/** Removes every row of the address from that field. */
export function removeRecipient(draft: Y.Doc, field: RecipientField, address: string): void {
	removeRows(draft, draft.getArray(field), (value) => addressOf(value)?.address === address);
}

/** Deletes from the end, so that earlier places keep their meaning. */
function removeRows(draft: Y.Doc, rows: Y.Array<unknown>, isMeant: (value: unknown) => boolean): void {
	draft.transact(() => {
		for (let index = rows.length - 1; index >= 0; index -= 1) {
			if (isMeant(rows.get(index))) rows.delete(index);
		}
	});
}

function attachmentOf(value: unknown): AttachmentRow | undefined {
	if (typeof value !== 'object' || value === null) return undefined;
	const { id, name, type, size } = value as Record<string, unknown>;
	if (!isId(id) || typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return undefined;
	return { id: id as AttachmentId, name: textOf(name, 255), type: textOf(type, 127), size };
}

/**
 * Attachments in the order in which they were added. Of rows with one id the last counts, in the place of the first;
 * what can't be read and what comes after one more than `submissionLimits.attachments` is left out.
 */
export function attachmentsOf(draft: Y.Doc): AttachmentRow[] {
	const rows = draft.getArray('attachments').toArray().map(attachmentOf);
	const byId = new Map(rows.flatMap((row) => (row === undefined ? [] : [[row.id, row] as const])));
	return [...byId.values()].slice(0, submissionLimits.attachments + 1);
}

/** Adds a row at the end; whether there is room for it is asked before. */
export function addAttachment(draft: Y.Doc, row: AttachmentRow): void {
	draft.getArray('attachments').push([{ ...row }]);
}

/** Removes every row of the attachment; its bytes are elsewhere and stay. */
export function removeAttachment(draft: Y.Doc, id: AttachmentId): void {
	removeRows(draft, draft.getArray('attachments'), (value) => attachmentOf(value)?.id === id);
}

/** What the draft answers or forwards; undefined for a letter of its own. */
export function answeredBy(draft: Y.Doc): Answered | undefined {
	const value = headOf(draft).get('answers') as Partial<Record<keyof Answered, unknown>> | null | undefined;
	const { arrival, how } = value ?? {};
	if (typeof arrival !== 'number' || !Number.isSafeInteger(arrival)) return undefined;
	return how === 'reply' || how === 'forward' ? { arrival, how } : undefined;
}

/** The first words of what was written, white space folded. */
export function snippetOf(draft: Y.Doc): string {
	return bodyText(bodyOf(draft)).replaceAll(/\s+/g, ' ').trim().slice(0, 200);
}

/**
 * Whether it answers or forwards a message and nobody has written, changed or attached anything since it was begun: what one
 * client put in is all there ever was. One into which something of the message came late counts as changed.
 */
export function isUntouchedAnswer(draft: Y.Doc): boolean {
	const { sv, ds } = Y.snapshot(draft);
	const isAsBegun = sv.size === 1 && ds.clients.size === 0;
	return isAsBegun && snippetOf(draft) === '' && answeredBy(draft) !== undefined;
}

function messageIdsOf(value: unknown): string[] {
	if (!Array.isArray(value)) return [];
	return value.filter((id): id is string => typeof id === 'string' && id.length <= 998).slice(-100);
}

/** Why a draft can't be sent as it is. */
export type LetterProblem =
	'no-sender' | 'no-recipients' | 'too-many-recipients' | 'bad-address' | 'too-large';

export type LetterOutcome =
	| { readonly kind: 'letter'; readonly letter: ComposedLetter }
	| { readonly kind: 'problems'; readonly problems: readonly LetterProblem[] };

/**
 * The letter a draft makes, or all that is in the way of it. Subject, recipients and attachments are as they are read
 * here; more of them than `submissionLimits` are in the way. Of References the last hundred stay. `date` is milliseconds UTC.
 */
export function letterOf(draft: Y.Doc, date: number): LetterOutcome {
	const from = fromOf(draft);
	const [to, cc, bcc] = (['to', 'cc', 'bcc'] as const).map((field) => recipientsOf(draft, field));
	const everyone = [...(to ?? []), ...(cc ?? []), ...(bcc ?? [])];
	const attachments = attachmentsOf(draft);
	const html = draftHtml(bodyOf(draft), quotedOf(draft));
	const bytes = attachments.reduce((sum, { size }) => sum + size, 0);
	const problems: LetterProblem[] = [];
	if (from === undefined) problems.push('no-sender');
	if (everyone.length === 0) problems.push('no-recipients');
	if (everyone.some(({ address }) => !isAddress(address))) problems.push('bad-address');
	if ([to, cc, bcc].some((field = []) => field.length > submissionLimits.recipients))
		problems.push('too-many-recipients');
	if (
		html.length > submissionLimits.html ||
		bytes > submissionLimits.attachmentBytes ||
		attachments.length > submissionLimits.attachments
	)
		problems.push('too-large');
	if (from === undefined || problems.length > 0) return { kind: 'problems', problems };
	const inReplyTo = headOf(draft).get('inReplyTo');
	return {
		kind: 'letter',
		letter: {
			from,
			to: to ?? [],
			cc: cc ?? [],
			bcc: bcc ?? [],
			subject: subjectOf(draft),
			html,
			inReplyTo: typeof inReplyTo === 'string' && inReplyTo.length <= 998 ? inReplyTo : null,
			references: messageIdsOf(headOf(draft).get('references')),
			attachments: attachments.map(({ id }) => id),
			date
		}
	};
}
