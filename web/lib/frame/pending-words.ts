import { mailboxRoles, type MailboxRole } from '#schema/mail/mailbox.ts';
import { t } from '#lib/i18n/messages.svelte.ts';
import type { PendingLine } from '#lib/replica/changes/pending-lines.ts';

const marks = {
	$seen: ['pending.seen', 'pending.unseen'],
	$important: ['pending.starred', 'pending.unstarred'],
	$flagged: ['pending.flagged', 'pending.unflagged'],
	$done: ['pending.done', 'pending.undone']
} as const;

/** A line in words; `subjectOf` names a draft by its subject. */
export function pendingWords(line: PendingLine, subjectOf: (document: string) => string): string {
	switch (line.kind) {
		case 'move': {
			const role = mailboxRoles.find((candidate: MailboxRole) => candidate === line.mailbox);
			const folder = role === undefined ? line.mailbox : t(`folder.${role}`);
			return t('pending.move', { count: line.count, folder });
		}
		case 'mark': {
			const keys = line.field in marks ? marks[line.field as keyof typeof marks] : null;
			if (keys === null) return t('pending.marked', { count: line.count });
			return t(line.value ? keys[0] : keys[1], { count: line.count });
		}
		case 'draft':
			return t('pending.draft', { subject: subjectOf(line.document) });
		case 'setting':
			return t('refused.setting');
	}
}
