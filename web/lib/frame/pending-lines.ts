import { countOfRanges } from '#schema/docs/ranges.ts';
import { mailboxRoles, type MailboxRole } from '#schema/mail/mailbox.ts';
import { t } from '#lib/i18n/messages.svelte.ts';
import type { PendingChange } from '#lib/replica/changes/pending-change.ts';

/** What waits to be confirmed, one line for each thing a person did. */
export type PendingLine =
	| { readonly kind: 'move'; readonly key: string; readonly mailbox: string; readonly count: number }
	| {
			readonly kind: 'mark';
			readonly key: string;
			readonly field: string;
			readonly value: boolean;
			readonly count: number;
	  }
	| { readonly kind: 'draft'; readonly key: string; readonly document: string }
	| { readonly kind: 'setting'; readonly key: string };

const draftSubject = /^draft:(.+)$/;

function lineOf(change: PendingChange): PendingLine {
	if (change.kind === 'text')
		return { kind: 'draft', key: `draft:${change.document}`, document: change.document };
	const { target, field, value } = change;
	if (target.kind === 'subject') {
		const document = draftSubject.exec(target.subject)?.[1];
		if (document === undefined) return { kind: 'setting', key: target.subject };
		return { kind: 'draft', key: target.subject, document };
	}
	const count = countOfRanges(target.arrivals);
	if (field === 'mailbox')
		return { kind: 'move', key: `move:${String(value)}`, mailbox: String(value), count };
	return { kind: 'mark', key: `mark:${field}:${String(value)}`, field, value: value === true, count };
}

/** Gathers changes into lines: moves by where they lead, marks by what they set, drafts one by one. */
export function pendingLines(changes: readonly PendingChange[]): PendingLine[] {
	const lines = new Map<string, PendingLine>();
	for (const change of changes) {
		const line = lineOf(change);
		const known = lines.get(line.key);
		const grows = known !== undefined && 'count' in known && 'count' in line;
		lines.set(line.key, grows ? { ...line, count: known.count + line.count } : line);
	}
	return [...lines.values()];
}

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
