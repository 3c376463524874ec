import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inflateRawSync, inflateSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { readConfiguration } from '../config.ts';
import { openCore, prepareDataFolder, type Core } from '../core.ts';
import { parseMessage, readPart } from '../mail/parse.ts';
import { composeMessage, sentAt } from './compose.ts';
import { makeFile } from './files/files.ts';
import { colleagueNames, demonstrationPassword, isColleague } from './people.ts';
import { readProgress } from './progress.ts';
import { letters, planSeeding, readingOf, seedDemonstration } from './seed.ts';

const now = Date.UTC(2026, 10, 23, 9, 30);
const byId = new Map(letters.map((letter) => [letter.id, letter]));
const parser = { parse: async (source: unknown) => parseMessage(source as Uint8Array) };

let data = '';
afterEach(() => {
	if (data !== '') rmSync(data, { recursive: true, force: true });
});

function newFolder(demo?: string) {
	data = path.join(mkdtempSync(path.join(tmpdir(), 'hongyan-demo-')), 'data');
	return configuration(demo);
}

function configuration(demo?: string, more: Readonly<Record<string, string>> = {}) {
	const environment = { HONGYAN_DATA: data, ...(demo === undefined ? {} : { HONGYAN_DEMO: demo }), ...more };
	return readConfiguration({ environment, directory: path.dirname(data) });
}

/** Opens the folder as a start does, seeds what is due, and uses it. */
async function start<Answer>(
	demo: string | undefined,
	use: (core: Core) => Promise<Answer>
): Promise<Answer> {
	const settings = configuration(demo);
	prepareDataFolder(data);
	const seeding = planSeeding(settings, now);
	const core = await openCore(settings);
	try {
		if (seeding !== null) await seedDemonstration(core, parser, seeding);
		return await use(core);
	} finally {
		await core.close();
	}
}

async function inboxOf(core: Core, address: string) {
	const owner = await core.directory.resolveRecipient(address);
	if (owner.kind !== 'inside') throw new Error(`${address} is nobody`);
	const pack = await core.space(owner.space).call('pack', { before: 1000, count: 500 });
	return pack === 'done' ? [] : pack.messages;
}

describe('the letters', () => {
	it('are some thirty, among them threads, attachments, HTML, Chinese and English', () => {
		expect(letters.length).toBeGreaterThanOrEqual(30);
		expect(new Set(letters.map(({ id }) => id)).size).toBe(letters.length);
		expect(letters.filter(({ answers }) => answers !== undefined).length).toBeGreaterThan(8);
		expect(letters.filter(({ html }) => html !== undefined).length).toBeGreaterThan(1);
		expect(new Set(letters.flatMap(({ files }) => files ?? [])).size).toBe(5);
		expect(letters.filter(({ text }) => /\p{Script=Han}/u.test(text)).length).toBeGreaterThan(10);
		expect(letters.filter(({ text }) => !/\p{Script=Han}/u.test(text)).length).toBeGreaterThan(10);
	});

	it('answer letters that are there, were sent before, and were read', () => {
		for (const letter of letters.filter(({ answers }) => answers !== undefined)) {
			const parent = byId.get(letter.answers ?? '');
			if (parent === undefined) throw new Error(`${letter.id} answers nothing`);
			expect(sentAt(parent.sent, now), letter.id).toBeLessThan(sentAt(letter.sent, now));
			expect([parent.from, ...parent.to, ...(parent.cc ?? [])], letter.id).toContain(letter.from);
			if (isColleague(letter.from) && parent.from !== letter.from) {
				expect(readingOf(parent, letter.from, now).keywords).toContain('$answered');
			}
		}
	});

	it('were all sent before now, whatever the time of day', () => {
		for (let hour = 0; hour < 24; hour += 1) {
			const then = now + hour * 3_600_000;
			for (const { id, sent } of letters) expect(sentAt(sent, then), id).toBeLessThan(then);
		}
	});

	it('are messages that parse without a defect', async () => {
		for (const letter of letters) {
			const message = await composeMessage(letter, byId, { domain: 'hongyan.example', now });
			const { content, summary } = parseMessage(message);
			expect([letter.id, content.defects]).toEqual([letter.id, []]);
			expect(summary).toMatchObject({
				subject: letter.subject,
				sentAt: Math.floor(sentAt(letter.sent, now) / 1000) * 1000
			});
			expect(summary.attachments).toBe(letter.files?.length ?? 0);
		}
	});
});

describe('the files', () => {
	it('go through a letter unchanged', async () => {
		const letter = byId.get('usage');
		if (letter === undefined) throw new Error('no such letter');
		const message = await composeMessage(letter, byId, { domain: 'hongyan.example', now });
		const [part] = parseMessage(message).content.parts;
		expect(part).toMatchObject({ filename: '使用情况.png', type: 'image/png' });
		expect(readPart(message, part?.section ?? '')?.bytes.equals(makeFile('usage.png').content)).toBe(true);
	});

	it('are a PDF whose references point at its objects', () => {
		for (const name of ['roadmap.pdf', 'invoice.pdf'] as const) {
			const pdf = makeFile(name).content.toString('latin1');
			const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(pdf)?.[1]);
			expect(pdf.slice(start, start + 5)).toBe('xref\n');
			const offsets = [...pdf.slice(start).matchAll(/^(\d{10}) 00000 n/gm)].map(([, offset]) =>
				Number(offset)
			);
			expect(offsets.length).toBeGreaterThan(4);
			offsets.forEach((offset, index) =>
				expect(pdf.slice(offset)).toMatch(new RegExp(`^${index + 1} 0 obj\n`))
			);
			for (const [, length, stream = ''] of pdf.matchAll(
				/\/Length (\d+) >>\nstream\n([\s\S]*?)\nendstream/g
			)) {
				expect(stream.length).toBe(Number(length));
			}
		}
	});

	it('are a PNG of as many pixels as it says', () => {
		const png = makeFile('usage.png').content;
		const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
		const pixels = png.subarray(png.indexOf('IDAT') + 4, png.indexOf('IEND') - 8);
		expect(inflateSync(pixels).length).toBe(height * (1 + width * 3));
	});

	it('are a workbook whose sheet holds the numbers, and a text', () => {
		const zip = makeFile('budget.xlsx').content;
		const name = 'xl/worksheets/sheet1.xml';
		const local = zip.indexOf(name) - 30;
		const packed = zip.subarray(
			local + 30 + name.length,
			local + 30 + name.length + zip.readUInt32LE(local + 18)
		);
		expect(inflateRawSync(packed).toString('utf8')).toContain('<c r="B2"><v>920000</v></c>');
		const file = path.join(mkdtempSync(path.join(tmpdir(), 'hongyan-demo-')), 'budget.xlsx');
		writeFileSync(file, zip);
		const check = spawnSync('python3', ['-m', 'zipfile', '-t', file], { encoding: 'utf8' });
		if (check.error === undefined) expect(check.stdout).toContain('Done testing');
		expect(makeFile('minutes.txt').content.toString('utf8')).toContain('待办');
	});
});

describe('the seeding', () => {
	it('fills an empty folder, so that everybody can sign in and has mail in order', async () => {
		newFolder();
		await start(undefined, async (core) => {
			for (const name of colleagueNames) {
				const address = `${name}@hongyan.example`;
				const attempt = {
					address,
					password: demonstrationPassword,
					peer: '127.0.0.1',
					protocol: 'web' as const
				};
				expect(await core.directory.verifyPassword(attempt)).toMatchObject({ kind: 'verified' });
				const received = (await inboxOf(core, address)).map(({ receivedAt }) => receivedAt);
				expect(received.length).toBeGreaterThan(5);
				expect(received).toEqual(received.toSorted((left, right) => right - left));
			}
			expect(await core.directory.resolveRecipient('postmaster@hongyan.example')).toMatchObject({
				kind: 'inside'
			});
			const emily = await inboxOf(core, 'emily.carter@hongyan.example');
			const thread = emily.filter(({ summary }) => summary.subject.includes('3.2 版本计划'));
			expect(thread).toHaveLength(4);
			expect(new Set(thread.map((message) => message.thread)).size).toBe(1);
		});
	});

	it('that was interrupted is taken up again, and done but once', async () => {
		newFolder();
		let parsed = 0;
		const interrupted = {
			parse: async (source: unknown) => {
				parsed += 1;
				if (parsed === 12) throw new Error('the power is gone');
				return parser.parse(source);
			}
		};
		prepareDataFolder(data);
		const seeding = planSeeding(configuration(), now);
		const core = await openCore(configuration());
		if (seeding === null) throw new Error('it is due');
		await expect(seedDemonstration(core, interrupted, seeding)).rejects.toThrow('power');
		await core.close();
		expect(readProgress(data)).toEqual({ startedAt: now, isDone: false });

		const subjects = (core: Core) => inboxOf(core, 'lin.xiaowen@hongyan.example');
		const first = await start(undefined, subjects);
		expect(readProgress(data)?.isDone).toBe(true);
		const again = await start(undefined, subjects);
		expect(again).toEqual(first);
		const expected = letters.filter(({ from, to, cc = [] }) => [from, ...to, ...cc].includes('lin.xiaowen'));
		expect(first).toHaveLength(expected.length);
	});

	it.each([
		{ HONGYAN_HOST: '0.0.0.0' },
		{ HONGYAN_PUBLIC_URL: 'https://mail.example.org' },
		{ HONGYAN_SMARTHOST: 'smtp://relay.example.org:587' }
	])(
		'keeps out of a server that others can reach or that sends letters out, unless asked for: %o',
		(open) => {
			newFolder();
			prepareDataFolder(data);
			expect(planSeeding(configuration(undefined, open), now)).toBeNull();
			expect(planSeeding(configuration('true', open), now)).not.toBeNull();
		}
	);

	it('keeps out of folders that hold something else, and where it is not wanted', async () => {
		newFolder();
		await start('false', async () => undefined);
		expect(planSeeding(configuration(), now)).toBeNull();
		expect(planSeeding(configuration('true'), now)).not.toBeNull();
	});
});
