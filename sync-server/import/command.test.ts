import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MessageFact } from '#schema/mail/message.ts';
import { readConfiguration } from '../config.ts';
import { openCore, type Core } from '../core.ts';

let root: string;
let data: string;
const address = 'li@hongyan.example';

function configuration() {
	return readConfiguration({ environment: { HONGYAN_DATA: data }, directory: root });
}

async function withCore<Answer>(use: (core: Core) => Promise<Answer>): Promise<Answer> {
	const core = await openCore(configuration());
	try {
		return await use(core);
	} finally {
		await core.close();
	}
}

/** Runs the command as a person does. */
async function run(...parameters: string[]): Promise<{ code: number; output: string }> {
	const main = fileURLToPath(new URL('main.ts', import.meta.url));
	const child = spawn(process.execPath, [main, ...parameters], {
		env: { PATH: process.env['PATH'], HONGYAN_DATA: data, HONGYAN_MAX_MESSAGE_BYTES: '200000' }
	});
	let output = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream.setEncoding('utf8').on('data', (text: string) => (output += text));
	}
	const [code] = (await once(child, 'close')) as [number];
	return { code, output };
}

async function origins(): Promise<readonly string[]> {
	return withCore(async (core) => {
		const owner = await core.directory.resolveRecipient(address);
		if (owner.kind !== 'inside') throw new Error('he is inside');
		const read = await core.space(owner.space).call('entries', { after: 0, limitBytes: 1e6 });
		return read.kind === 'entries' ? read.entries.map(({ origin }) => origin) : [];
	});
}

async function messages(): Promise<readonly MessageFact[]> {
	return withCore(async (core) => {
		const owner = await core.directory.resolveRecipient(address);
		if (owner.kind !== 'inside') throw new Error('he is inside');
		const pack = await core.space(owner.space).call('pack', { before: 1000, count: 500 });
		return pack === 'done' ? [] : pack.messages;
	});
}

const letter = (subject: string, size = 100) =>
	`Date: Mon, 2 Jan 2023 10:00:00 +0000\r\nSubject: ${subject}\r\n\r\n${'x'.repeat(size)}\r\n`;

beforeAll(async () => {
	root = await mkdtemp(path.join(tmpdir(), 'hongyan-import-'));
	data = path.join(root, 'data');
	const mail = path.join(root, 'mail');
	for (const part of ['cur', 'new', 'tmp', '.Sent/cur', '.Sent/new', '.Sent/tmp']) {
		await mkdir(path.join(mail, part), { recursive: true });
	}
	await writeFile(path.join(mail, 'cur/1700000001.a:2,S'), letter('first'));
	await writeFile(path.join(mail, 'new/1700000002.b'), letter('second, large', 100_000));
	await writeFile(path.join(mail, 'cur/1700000003.c:2,'), letter('far too large', 300_000));
	await writeFile(path.join(mail, '.Sent/cur/1700000004.d:2,S'), letter('third'));
	await withCore(async ({ directory, makeSpace }) => {
		const person = {
			name: 'Li',
			department: null,
			title: '',
			password: 'x',
			identities: [{ name: 'Li', address }] as const
		};
		await directory.addPerson(person, makeSpace);
	});
});
afterAll(() => rm(root, { recursive: true }));

describe('npm run import', () => {
	it('imports in order, with flags and folders, and names what it left out', async () => {
		const { code, output } = await run('--user', 'LI@hongyan.example', path.join(root, 'mail'));
		expect(code, output).toBe(0);
		expect(output).toContain('imported 3, 0 were there already');
		expect(output).toMatch(/left out, too-large: .*1700000003\.c/);
		expect(
			(await messages()).map(({ summary, mailbox, keywords }) => [summary.subject, mailbox, keywords])
		).toEqual([
			['third', 'sent', ['$seen']],
			['second, large', 'inbox', []],
			['first', 'inbox', ['$seen']]
		]);
	});

	it('[S29] says of what it placed that it was imported', async () => {
		expect(await origins()).toEqual(['migration', 'migration', 'migration']);
	});

	it('run again skips what is there and takes what is new', async () => {
		await writeFile(path.join(root, 'mail/new/1700000005.e'), letter('fourth'));
		const { output } = await run('--user', address, path.join(root, 'mail'));
		expect(output).toContain('imported 1, 3 were there already');
		expect((await messages())[0]?.summary.subject).toBe('fourth');
	});

	it('says in one line what is wrong', async () => {
		const mail = path.join(root, 'mail');
		expect(await run()).toEqual({ code: 1, output: 'use: npm run import -- --user ADDRESS PATH\n' });
		expect((await run('--user', address, '--fast', mail)).output).toMatch(/^use: /);
		expect((await run('--user', 'nobody@hongyan.example', mail)).output).toBe(
			'nobody@hongyan.example is nobody’s address here\n'
		);
		const missing = path.join(root, 'missing');
		expect(await run('--user', address, missing)).toEqual({ code: 1, output: `there is no ${missing}\n` });
		const endless = path.join(root, 'x'.repeat(300));
		expect((await run('--user', address, endless)).output).toBe(`${endless} can’t be read: ENAMETOOLONG\n`);
	});

	it('refuses while another process has the data folder', async () => {
		const output = await withCore(async () => (await run('--user', address, path.join(root, 'mail'))).output);
		expect(output).toBe('the data folder is in use: stop the server first, then import\n');
	});
});
