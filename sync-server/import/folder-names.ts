import type { MailboxRole } from '#schema/mail/mailbox.ts';

/**
 * What mail programs call their system folders, lower case; the names with `&` are Chinese ones as Maildirs spell
 * them (modified UTF-7, RFC 3501 section 5.1.3).
 */
const names = new Map<string, MailboxRole>(
	Object.entries({
		'': 'inbox',
		inbox: 'inbox',
		收件箱: 'inbox',
		sent: 'sent',
		'sent items': 'sent',
		'sent messages': 'sent',
		'sent mail': 'sent',
		已发送: 'sent',
		'&xfjt0zab-': 'sent',
		trash: 'trash',
		bin: 'trash',
		deleted: 'trash',
		'deleted items': 'trash',
		'deleted messages': 'trash',
		已删除: 'trash',
		'&xfjsijzk-': 'trash',
		junk: 'junk',
		spam: 'junk',
		'junk e-mail': 'junk',
		垃圾邮件: 'junk',
		'&v4nxppcutvy-': 'junk'
	})
);

/**
 * The mailbox for a folder of that name, by its first part where it is nested (`Sent/2024`, `.Sent.2024`). Folders
 * that no role fits go to the archive, drafts of other programs as well: there is nothing to finish in them here.
 */
export function mailboxOf(folder: string): MailboxRole {
	const [first = ''] = folder.replace(/^[./]+/, '').split(/[./]/);
	const known = names.get(first.toLowerCase());
	if (known !== 'inbox') return known ?? 'archive';
	const rest = folder.replace(/^[./]*[^./]*[./]?/, '');
	return rest === '' ? 'inbox' : mailboxOf(rest);
}
