import type { PlainKey } from '#lib/i18n/catalogue.ts';
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
import { t } from '#lib/i18n/messages.svelte.ts';
import { commandKeys, type CommandName } from './command-keys.ts';
import type { MailDesk } from './mail-desk.svelte.ts';

/** How a command looks wherever it is offered: toolbar, menu, selection bar, keyboard map. */
export interface CommandLook {
	readonly label: PlainKey;
	/** The label where the command would take back what it sets. */
	readonly off?: PlainKey;
	readonly icon: typeof IconComponent;
	readonly danger?: boolean;
}

/** The looks of all commands: one registry for pointer and menus. */
const looks: Record<CommandName, CommandLook> = {
	reply: { label: 'command.reply', icon: Reply },
	'reply-all': { label: 'command.replyAll', icon: ReplyAll },
	forward: { label: 'command.forward', icon: Forward },
	'open-tab': { label: 'command.openTab', icon: SquareArrowOutUpRight },
	star: { label: 'command.star', off: 'command.unstar', icon: Star },
	flag: { label: 'command.flag', off: 'command.unflag', icon: Flag },
	done: { label: 'command.done', off: 'command.undone', icon: CircleCheck },
	read: { label: 'command.read', icon: MailOpen },
	unread: { label: 'command.unread', icon: Mail },
	move: { label: 'command.move', icon: FolderInput },
	archive: { label: 'command.archive', icon: Archive },
	junk: { label: 'command.junk', icon: ShieldAlert },
	'not-junk': { label: 'command.notJunk', icon: Inbox },
	restore: { label: 'command.restore', icon: Inbox },
	delete: { label: 'command.delete', icon: Trash2, danger: true },
	purge: { label: 'command.purge', icon: Trash2, danger: true },
	download: { label: 'command.download', icon: Download }
};

/** How a command looks. */
export function lookOf(name: CommandName): CommandLook {
	return looks[name];
}

/** The key of a command, as a component's property where there is one. */
export function keysOf(name: CommandName): { readonly keys?: string } {
	const keys = commandKeys[name];
	return keys === null ? {} : { keys };
}

/** The label of a command for these messages: what it sets, or what it takes back. */
export function commandLabel(desk: MailDesk, name: CommandName, arrivals: ReadonlySet<number>): string {
	const look = lookOf(name);
	const isMark = name === 'star' || name === 'flag' || name === 'done';
	const key = isMark && desk.allHave(arrivals, name) ? (look.off ?? look.label) : look.label;
	return t(key);
}
