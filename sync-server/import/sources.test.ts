import { mkdir, mkdtemp, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { corpusPath, haveCorpora, tellWithoutCorpora } from '../../e2e/outside/corpora.ts';
import { emlFolderSource } from './eml-folder.ts';
import { mailboxOf } from './folder-names.ts';
import { isMaildir, maildirSource } from './maildir.ts';
import { mboxSource } from './mbox.ts';
import type { MessageSource } from './source.ts';

async function folder(files: Record<string, string | Buffer>): Promise<string> {
	const root = await mkdtemp(path.join(tmpdir(), 'hongyan-import-'));
	for (const [name, content] of Object.entries(files)) {
		await mkdir(path.dirname(path.join(root, name)), { recursive: true });
		await writeFile(path.join(root, name), content);
	}
	return root;
}

async function read(source: MessageSource) {
	const found = [];
	for await (const message of source.messages) {
		found.push({ ...message, text: Buffer.from(await message.read()).toString('latin1') });
	}
	return found;
}

async function mbox(text: string | Buffer, name = 'inbox.mbox') {
	const root = await folder({ [name]: text });
	return read(mboxSource(path.join(root, name)));
}

describe('folder names', () => {
	it.each([
		['', 'inbox'],
		['INBOX', 'inbox'],
		['.Sent', 'sent'],
		['.Sent.2024', 'sent'],
		['Sent Items/old', 'sent'],
		['.INBOX.Trash', 'trash'],
		['.Junk', 'junk'],
		['.&XfJT0ZAB-', 'sent'],
		['已删除', 'trash'],
		['.Archive', 'archive'],
		['.Drafts', 'archive'],
		['.Projects.2024', 'archive'],
		['constructor', 'archive']
	])('%s is the %s', (name, mailbox) => {
		expect(mailboxOf(name)).toBe(mailbox);
	});
});

describe('a Maildir', () => {
	it('gives its messages oldest first, with flags and folders, and not what was never whole', async () => {
		const root = await folder({
			'cur/1700000300.M1P1.host:2,FRS': 'third',
			'cur/1700000100.M2P1.host,S=5:2,': 'first',
			'new/1700000200.M3P1.host': 'second',
			'tmp/1700000000.M4P1.host': 'half a messa',
			'.Sent/cur/1700000400.M5P1.host:2,S': 'fourth',
			'.Sent/new/.keep': '',
			'.Sent/tmp/x': '',
			'.Work/cur/1700000500.M6P1.host!2,ST': 'fifth',
			'.Work/new/1700000600.M7P1.host;2,P': 'sixth',
			'.notamaildir/file': 'no',
			dovecot: 'no'
		});
		const source = await maildirSource(root);
		expect(source.total).toBe(6);
		const found = await read(source);
		expect(found.map(({ text, mailbox, keywords }) => [text, mailbox, keywords])).toEqual([
			['first', 'inbox', []],
			['second', 'inbox', []],
			['third', 'inbox', ['$flagged', '$answered', '$seen']],
			['fourth', 'sent', ['$seen']],
			['fifth', 'trash', ['$seen']],
			['sixth', 'archive', ['$forwarded']]
		]);
		expect(found[0]?.receivedAt).toBe(1_700_000_100_000);
	});

	it('is known by its folders', () => {
		expect(isMaildir(['cur', 'new', 'tmp'])).toBe(true);
		expect(isMaildir(['cur', 'a.eml'])).toBe(false);
	});

	it('takes the file’s time where the name tells none', async () => {
		const root = await folder({ 'cur/odd:2,S': 'x', 'new/.keep': '' });
		await utimes(path.join(root, 'cur/odd:2,S'), 1_600_000_000, 1_600_000_000);
		expect((await read(await maildirSource(root)))[0]?.receivedAt).toBe(1_600_000_000_000);
	});
});

describe('a folder of .eml', () => {
	it('is read with the folders in it, in the order of the dates', async () => {
		const root = await folder({
			'b.eml': 'Date: Mon, 2 Jan 2023 10:00:00 +0000\r\nSubject: second\r\n\r\nDate: no',
			'Sent/2022/a.EML': 'Subject: first\nDate:\n Sun, 1 Jan 2023 10:00:00 +0000\n\nx',
			'Sent/notes.txt': 'no'
		});
		const found = await read(await emlFolderSource(root));
		expect(found.map(({ mailbox, receivedAt }) => [mailbox, new Date(receivedAt).toISOString()])).toEqual([
			['sent', '2023-01-01T10:00:00.000Z'],
			['inbox', '2023-01-02T10:00:00.000Z']
		]);
	});
});

describe('an mbox', () => {
	it('gives its messages byte for byte but for the quoting of From', async () => {
		const found = await mbox(
			[
				'From li@hongyan.example Mon Jan  2 10:00:00 2023',
				'Subject: one',
				'Status: RO',
				'X-Status: FA',
				'',
				'>From here on',
				'>>From there',
				'From the beginning it was text',
				'',
				'From wang@hongyan.example Tue Jan  3 10:00:00 2023 +0800',
				'Subject: two\r',
				'Status: O\r',
				'\r',
				'body\r',
				''
			].join('\n')
		);
		expect(found.map(({ text, keywords }) => [text, keywords])).toEqual([
			[
				'Subject: one\nStatus: RO\nX-Status: FA\n\nFrom here on\n>From there\nFrom the beginning it was text\n',
				['$seen', '$flagged', '$answered']
			],
			['Subject: two\r\nStatus: O\r\n\r\nbody\r\n', []]
		]);
		expect(found[1]?.receivedAt).toBe(Date.UTC(2023, 0, 3, 2));
		expect(found[0]?.mailbox).toBe('inbox');
	});

	it('is split the same however it is cut into chunks', async () => {
		const message = `From a@b.example Mon Jan  2 10:00:00 2023\nSubject: x\n\n${'line of text\n'.repeat(30_000)}\n`;
		const found = await mbox(message.repeat(7), 'Sent.mbox');
		expect(found.map(({ text }) => text.length)).toEqual(Array<number>(7).fill(12 + 30_000 * 13));
		expect(found[0]?.mailbox).toBe('sent');
	});

	it('takes separators without a date behind an empty line only, and a byte order mark', async () => {
		const found = await mbox('\ufeffFrom -\nA: 1\n\nx\nFrom -\ny\n\nFrom -\nB: 2\n\nz\n');
		expect(found.map(({ text }) => text)).toEqual(['A: 1\n\nx\nFrom -\ny\n', 'B: 2\n\nz\n']);
	});

	it('may be empty, end in the middle of a line, or be no mbox at all', async () => {
		expect(await mbox('')).toEqual([]);
		expect(await mbox('just text\n')).toEqual([]);
		expect((await mbox('From a@b.example Mon Jan  2 10:00:00 2023\nSubject: x\n\nend'))[0]?.text).toBe(
			'Subject: x\n\nend'
		);
	});

	tellWithoutCorpora('No mbox of another project is split.');
	it.skipIf(!haveCorpora)('of another project is split as that project splits it', async () => {
		const simple = await read(mboxSource(corpusPath('mbox/mimekit/simple.mbox.txt')));
		expect(simple.every(({ text }) => /^[A-Za-z-]+:/.test(text))).toBe(true);
		const unmunged = await read(mboxSource(corpusPath('mbox/mimekit/unmunged.mbox.txt')));
		expect(unmunged.some(({ text }) => text.includes('From Russia with love'))).toBe(true);
		expect(unmunged.every(({ text }) => text.startsWith('From: '))).toBe(true);
	});
});
