import { open, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { mailboxOf } from './folder-names.ts';
import { headerDate } from './header-date.ts';
import { inOrder, type MessageSource, type SourceMessage } from './source.ts';

/** How much of a file is looked at for its date, bytes. */
const headBytes = 16 << 10;

/** One `.eml` file. */
export async function emlSource(file: string): Promise<MessageSource> {
	return inOrder([await messageOf(file, '')]);
}

/**
 * A folder of `.eml` files, folders within it as well, whose names tell where their messages belong. They are read
 * messages of some archive, so they count as seen.
 */
export async function emlFolderSource(folder: string): Promise<MessageSource> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	const files = entries.filter((entry) => entry.isFile() && entry.name.toLowerCase().endsWith('.eml'));
	const messages: SourceMessage[] = [];
	for (const { parentPath, name } of files) {
		messages.push(await messageOf(path.join(parentPath, name), path.relative(folder, parentPath)));
	}
	return inOrder(messages);
}

async function messageOf(file: string, folder: string): Promise<SourceMessage> {
	const { size, mtimeMs } = await stat(file);
	const written = headerDate(await headOf(file));
	return {
		origin: file,
		size,
		receivedAt: written ?? Math.floor(mtimeMs),
		mailbox: mailboxOf(folder.split(path.sep).join('/')),
		keywords: ['$seen'],
		read: () => readFile(file)
	};
}

async function headOf(file: string): Promise<Uint8Array> {
	const handle = await open(file);
	try {
		const head = Buffer.alloc(headBytes);
		const { bytesRead } = await handle.read(head, 0, headBytes, 0);
		return head.subarray(0, bytesRead);
	} finally {
		await handle.close();
	}
}
