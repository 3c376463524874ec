import type { Profile } from '#schema/protocol/messages.ts';
import { t } from '#lib/i18n/messages.svelte.ts';
import type { MessageRow, MessageState } from '#lib/projection/mail-projection.ts';
import type { MailAddress } from '#schema/mail/address.ts';
import { isOwn, nameOf, namesOf } from './people.ts';

/** Whom a row is about: the author, or for one's own letters those they went to. */
export interface RowPeople {
	readonly text: string;
	/** Whose avatar stands for the row. */
	readonly face: MailAddress;
	/** The letter is this person's own. */
	readonly isOwn: boolean;
}

const nobody: MailAddress = { name: '', address: '' };

/** Whom the row of a message names. */
export function rowPeople({ summary }: MessageRow, profile: Profile): RowPeople {
	const author = summary.from[0] ?? nobody;
	const own = summary.from.length > 0 && summary.from.every(({ address }) => isOwn(profile, address));
	if (!own) {
		const text = author === nobody ? t('row.nobody') : nameOf(author);
		return { text, face: author, isOwn: false };
	}
	const recipients = [...summary.to, ...summary.cc];
	const names = namesOf(recipients, profile, t('person.me'), t('list.separator'));
	return {
		text: recipients.length === 0 ? t('person.me') : t('row.to', { names }),
		face: recipients[0] ?? author,
		isOwn: true
	};
}

/** What a row shows besides the message itself. */
export interface RowFacts {
	readonly state: MessageState | undefined;
	/** How many letters its thread has. */
	readonly threadSize: number;
	readonly time: string;
}

/** A row for those who listen: who, how many letters, what, when, and everything its icons say. */
export function rowLabel(row: MessageRow, { state, threadSize, time }: RowFacts, profile: Profile): string {
	const parts = [rowPeople(row, profile).text, row.summary.subject || t('message.noSubject'), time];
	if (threadSize > 1) parts.splice(1, 0, t('row.thread', { count: threadSize }));
	if (state !== undefined) {
		if (!state.seen) parts.unshift(t('row.unread'));
		if (state.important) parts.push(t('row.starred'));
		if (state.flagged) parts.push(t('row.flagged'));
		if (state.done) parts.push(t('row.done'));
		if (state.answered) parts.push(t('row.answered'));
		if (state.forwarded) parts.push(t('row.forwarded'));
	}
	if (row.summary.attachments > 0) parts.push(t('row.attachments', { count: row.summary.attachments }));
	return parts.join(t('list.separator'));
}

/** As much of the snippet as the widest list has room for; more would only be laid out and cut. */
export function shownSnippet({ summary }: MessageRow): string {
	return summary.snippet.slice(0, 160);
}
