/** What can be done to messages, and the key that does it, as tinykeys writes it; null where there is none. */
export const commandKeys = {
	reply: 'r',
	'reply-all': 'a',
	forward: 'f',
	'open-tab': null,
	star: 's',
	flag: 'Shift+f',
	done: 'e',
	read: 'Shift+i',
	unread: 'Shift+u',
	move: 'v',
	archive: null,
	junk: '[Shift]+!',
	'not-junk': null,
	restore: null,
	delete: '[Shift]+#',
	purge: 'Shift+Delete',
	download: null
} as const;

export type CommandName = keyof typeof commandKeys;

/** All commands, in the order of the keyboard map. */
export const commandNames = Object.keys(commandKeys) as CommandName[];
