import type { MessageKey } from '#lib/i18n/catalogue.ts';
import {
	Archive,
	CircleCheck,
	Download,
	Flag,
	FolderInput,
	Forward,
	Inbox,
	Mail,
	MailOpen,
	Reply,
	ReplyAll,
	ShieldAlert,
	SquareArrowOutUpRight,
	Star,
	Trash2,
	type IconComponent
} from '#lib/ui/icons.ts';

/** How a command looks wherever it is offered: toolbar, menu, selection bar, keyboard map. */
export interface CommandLook {
	readonly label: MessageKey;
	/** The label where the command would take back what it sets. */
	readonly off?: MessageKey;
	readonly icon: typeof IconComponent;
	/** The key, as tinykeys writes it. */
	readonly keys?: string;
	readonly danger?: boolean;
}

/** What can be done to messages: one registry for pointer, keyboard and menus. */
export const commandLooks = {
	reply: { label: 'command.reply', icon: Reply, keys: 'r' },
	'reply-all': { label: 'command.replyAll', icon: ReplyAll, keys: 'a' },
	forward: { label: 'command.forward', icon: Forward, keys: 'f' },
	'open-tab': { label: 'command.openTab', icon: SquareArrowOutUpRight },
	star: { label: 'command.star', off: 'command.unstar', icon: Star, keys: 's' },
	flag: { label: 'command.flag', off: 'command.unflag', icon: Flag, keys: 'Shift+f' },
	done: { label: 'command.done', off: 'command.undone', icon: CircleCheck, keys: 'e' },
	read: { label: 'command.read', icon: MailOpen, keys: 'Shift+i' },
	unread: { label: 'command.unread', icon: Mail, keys: 'Shift+u' },
	move: { label: 'command.move', icon: FolderInput, keys: 'v' },
	archive: { label: 'command.archive', icon: Archive },
	junk: { label: 'command.junk', icon: ShieldAlert, keys: '[Shift]+!' },
	'not-junk': { label: 'command.notJunk', icon: Inbox },
	restore: { label: 'command.restore', icon: Inbox },
	delete: { label: 'command.delete', icon: Trash2, keys: '[Shift]+#', danger: true },
	purge: { label: 'command.purge', icon: Trash2, keys: 'Shift+Delete', danger: true },
	download: { label: 'command.download', icon: Download }
} satisfies Record<string, CommandLook>;

export type CommandName = keyof typeof commandLooks;

/** A registered look, with its optional parts. */
export function lookOf(name: CommandName): CommandLook {
	return commandLooks[name];
}
