import { systemMailbox, type MailboxRole } from '#schema/mail/mailbox.ts';
import type { PlainKey } from '#lib/i18n/catalogue.ts';
import type { MailView } from '#lib/projection/mail-projection.ts';
import {
	Archive,
	CircleCheck,
	FilePen,
	Flag,
	Inbox,
	Send,
	ShieldAlert,
	Star,
	Trash2,
	type IconComponent
} from '#lib/ui/icons.ts';

/** Names of folders in addresses: `/mail/inbox`. */
export type FolderName =
	'inbox' | 'important' | 'followup' | 'done' | 'drafts' | 'sent' | 'archive' | 'junk' | 'trash';

/** A folder of the navigation panel: a mailbox, a view over all of them, or the drafts. */
export interface Folder {
	readonly name: FolderName;
	readonly label: PlainKey;
	readonly icon: typeof IconComponent;
	/** What the list reads; the drafts are documents, not messages. */
	readonly view: MailView | 'drafts';
	/** What stands behind the name: unread ones, all of them, or nothing. */
	readonly count: 'unread' | 'total' | 'none';
	/** How an empty one is explained. */
	readonly empty: PlainKey;
}

const mailbox = (role: MailboxRole): MailView => ({ kind: 'mailbox', mailbox: systemMailbox(role) });

/** The folders, in the order of the navigation panel. */
export const folders: readonly Folder[] = [
	{
		name: 'inbox',
		label: 'folder.inbox',
		icon: Inbox,
		view: mailbox('inbox'),
		count: 'unread',
		empty: 'empty.inbox'
	},
	{
		name: 'important',
		label: 'folder.important',
		icon: Star,
		view: { kind: 'keyword', view: 'important' },
		count: 'unread',
		empty: 'empty.important'
	},
	{
		name: 'followup',
		label: 'folder.followup',
		icon: Flag,
		view: { kind: 'keyword', view: 'followup' },
		count: 'unread',
		empty: 'empty.followup'
	},
	{
		name: 'done',
		label: 'folder.done',
		icon: CircleCheck,
		view: { kind: 'keyword', view: 'done' },
		count: 'none',
		empty: 'empty.done'
	},
	{
		name: 'drafts',
		label: 'folder.drafts',
		icon: FilePen,
		view: 'drafts',
		count: 'total',
		empty: 'empty.drafts'
	},
	{
		name: 'sent',
		label: 'folder.sent',
		icon: Send,
		view: mailbox('sent'),
		count: 'none',
		empty: 'empty.sent'
	},
	{
		name: 'archive',
		label: 'folder.archive',
		icon: Archive,
		view: mailbox('archive'),
		count: 'unread',
		empty: 'empty.archive'
	},
	{
		name: 'junk',
		label: 'folder.junk',
		icon: ShieldAlert,
		view: mailbox('junk'),
		count: 'unread',
		empty: 'empty.junk'
	},
	{
		name: 'trash',
		label: 'folder.trash',
		icon: Trash2,
		view: mailbox('trash'),
		count: 'none',
		empty: 'empty.trash'
	}
];

/** The folder of that name; undefined for a name from an address that is none of ours. */
export function folderNamed(name: string | undefined): Folder | undefined {
	return folders.find((folder) => folder.name === name);
}

/** Where mail can be moved by hand: mailboxes that hold what others sent. */
export const moveTargets: readonly Folder[] = folders.filter(
	({ name }) => name === 'inbox' || name === 'archive' || name === 'junk' || name === 'trash'
);

/** The folder that shows a mailbox. */
export function folderOfMailbox(id: string): Folder | undefined {
	return folders.find(({ view }) => view !== 'drafts' && view.kind === 'mailbox' && view.mailbox === id);
}
