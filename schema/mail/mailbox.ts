import type { MailboxId } from '../ids.ts';

/** Roles of system mailboxes (RFC 8621 section 2, names of RFC 6154); the role is also their id. */
export const mailboxRoles = ['inbox', 'drafts', 'sent', 'archive', 'junk', 'trash'] as const;
export type MailboxRole = (typeof mailboxRoles)[number];

/** The id of a system mailbox; the same in every space, so that it is known with no network. */
export function systemMailbox(role: MailboxRole): MailboxId {
	return role as string as MailboxId;
}

/** Keywords of a message: `$seen` and its like as in RFC 8621 section 4.1.1. */
export const keywords = ['$seen', '$flagged', '$important', '$done', '$answered', '$forwarded'] as const;
export type Keyword = (typeof keywords)[number];

/** Views over all mailboxes but Trash and Junk; each is the set of messages with its keyword. */
export const keywordViews = { important: '$important', followup: '$flagged', done: '$done' } as const;
export type KeywordView = keyof typeof keywordViews;
