import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Keyword, MailboxRole } from '#schema/mail/mailbox.ts';
import { mailboxOf } from './folder-names.ts';
import { inOrder, type MessageSource, type SourceMessage } from './source.ts';

const keywordOfFlag: Readonly<Record<string, Keyword>> = {
	S: '$seen',
	F: '$flagged',
	R: '$answered',
	P: '$forwarded'
};

/** Whether a folder is a Maildir: it has `cur` and `new`. */
export function isMaildir(entries: readonly string[]): boolean {
	return entries.includes('cur') && entries.includes('new');
}

/**
 * A Maildir with its Maildir++ folders (`.Sent`, `.Archive.2024`). `tmp` holds what was never delivered whole and is
 * left out. Flags come from the names; the time from the name where it begins with one, else from the file.
 */
export async function maildirSource(folder: string): Promise<MessageSource> {
	const entries = await readdir(folder, { withFileTypes: true });
	const subfolders = entries.filter((entry) => entry.isDirectory() && /^\.[^.]/.test(entry.name));
	const messages = await messagesOf(folder, 'inbox');
	for (const { name } of subfolders) {
		const inside = path.join(folder, name);
		if (!isMaildir(await readdir(inside))) continue;
		messages.push(...(await messagesOf(inside, mailboxOf(name))));
	}
	return inOrder(messages);
}

async function messagesOf(folder: string, mailbox: MailboxRole): Promise<SourceMessage[]> {
	const messages: SourceMessage[] = [];
	for (const part of ['new', 'cur']) {
		const entries = await readdir(path.join(folder, part), { withFileTypes: true });
		for (const entry of entries) {
			if (!entry.isFile() || entry.name.startsWith('.')) continue;
			messages.push(await messageOf(path.join(folder, part, entry.name), mailbox));
		}
	}
	return messages;
}

async function messageOf(file: string, mailbox: MailboxRole): Promise<SourceMessage> {
	const name = path.basename(file);
	const flags = flagsOf(name);
	const { size, mtimeMs } = await stat(file);
	return {
		origin: file,
		size,
		receivedAt: timeOf(name) ?? Math.floor(mtimeMs),
		mailbox: flags.includes('T') ? 'trash' : mailbox,
		keywords: [...new Set(flags)].flatMap((flag) => keywordOfFlag[flag] ?? []),
		read: () => readFile(file)
	};
}

/** The letters behind `:2,` (or `;2,` and `!2,`, where a colon can't be in a name). */
function flagsOf(name: string): string[] {
	return [...(/[:;!]2,([A-Za-z]*)$/.exec(name)?.[1] ?? '')];
}

/** Seconds since 1970 at the start of the name, as delivery agents write them; null where there are none. */
function timeOf(name: string): number | null {
	const seconds = /^(\d{9,10})\./.exec(name)?.[1];
	return seconds === undefined ? null : Number(seconds) * 1000;
}
