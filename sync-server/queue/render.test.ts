import { simpleParser } from 'mailparser';
import { buffer } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AttachmentId } from '#schema/ids.ts';
import type { ComposedLetter } from '#schema/mail/submission.ts';
import { li } from '#schema/trial/people.ts';
import { LetterBodies } from './letter-bodies.ts';
import { letterBody, type LetterBody } from './letter-body.ts';
import { renderLetter, type LetterFile } from './render.ts';
import { sentAtOf } from './sent-at.ts';

const now = Date.UTC(2026, 10, 23, 9);

afterEach(() => vi.unstubAllEnvs());

function letter(given: Partial<ComposedLetter> = {}): ComposedLetter {
	return {
		from: li,
		to: [{ name: '王芳', address: 'wang@hongyan.example' }],
		cc: [],
		bcc: [],
		subject: '你好，世界 and some more words so that the header has to be folded somewhere in between',
		html: '<p>你好 <b>world</b></p>',
		inReplyTo: null,
		references: [],
		attachments: [],
		date: now - 60_000,
		...given
	};
}

function file(id: string, name: string, type: string, ...chunks: readonly Uint8Array[]): LetterFile {
	return { id: id as AttachmentId, name, type, open: () => asynchronously(chunks) };
}

async function* asynchronously(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
	for (const chunk of chunks) yield Promise.resolve(chunk);
}

function render(
	given: Partial<ComposedLetter>,
	files: readonly LetterFile[] = [],
	body: LetterBody = letterBody(letter(given).html)
): Promise<Buffer> {
	const sentAt = sentAtOf(letter(given), now);
	const rendering = { messageId: '<m1@hongyan.example>', boundary: 'b1', files, sentAt };
	return buffer(renderLetter(letter(given), body, rendering));
}

describe('rendering a letter', () => {
	it('[Q25] makes a message with our Message-ID, the date, text from HTML and CRLF line ends', async () => {
		const bytes = await render({
			inReplyTo: '<p@x.example>',
			references: ['<o@x.example>', '<p@x.example>']
		});
		const parsed = await simpleParser(bytes);
		expect(parsed.messageId).toBe('<m1@hongyan.example>');
		expect(parsed.date?.getTime()).toBe(now - 60_000);
		expect(parsed.subject).toBe(letter().subject);
		expect(parsed.from?.value).toEqual([letter().from]);
		expect(parsed.inReplyTo).toBe('<p@x.example>');
		expect(parsed.references).toEqual(['<o@x.example>', '<p@x.example>']);
		expect(parsed.text?.trim()).toBe('你好 world');
		expect(parsed.html).toContain('<p>你好 <b>world</b></p>');
		expect(/(^|[^\r])\n/.test(bytes.toString('latin1'))).toBe(false);
	});

	it('[Q25] has Bcc nowhere, also where nobody else is addressed', async () => {
		const bcc = [{ name: 'Hidden', address: 'hidden@hongyan.example' }];
		expect((await render({ bcc })).toString()).not.toMatch(/hidden/i);
		const alone = (await render({ to: [], bcc })).toString();
		expect(alone).not.toMatch(/hidden/i);
		expect(alone).toMatch(/^To: "?undisclosed-recipients"?:;\r$/m);
	});

	it('[Q26] cleans the HTML that leaves', async () => {
		const parsed = await simpleParser(
			await render({ html: '<p onclick="x()">a<script>alert(1)</script></p>' })
		);
		expect(parsed.html).toContain('<body><p>a</p></body>');
		expect(parsed.text?.trim()).toBe('a');
	});

	it('[Q25] lets no field of the letter become a header of its own', async () => {
		const bytes = await render({
			subject: 'a\r\nBcc: everybody@x.example',
			from: { name: 'x\r\nX-Evil: 1', address: 'li@hongyan.example' },
			references: ['<a@b>\r\nX-Evil: 2'],
			inReplyTo: 'a\nX-Evil: 3'
		});
		const header = bytes.subarray(0, bytes.indexOf('\r\n\r\n')).toString();
		expect(header).not.toMatch(/^(bcc|x-evil)/im);
	});

	it('[Q25] attaches files byte for byte, streamed, and puts shown pictures beside the HTML', async () => {
		const picture = Buffer.from([0x89, 0x50, 0, 0xff]);
		const big = Buffer.alloc(300_000, 'é');
		const parsed = await simpleParser(
			await render({ html: '<p><img src="cid:pic1"></p>' }, [
				file('pic1', '图.png', 'image/png', picture),
				file('doc1', '会议 纪要.pdf', 'application/pdf', big.subarray(0, 100_001), big.subarray(100_001)),
				file('txt1', 'a.txt', 'text/plain', Buffer.from('bare\nlines\r\n.\r\n')),
				file('msg1', 'b.bin', 'message/rfc822', Buffer.from('x\n')),
				file('odd1', '', 'text/html"; x=y\r\nX-Evil: 1', Buffer.from('y'))
			])
		);
		const attached = parsed.attachments.map(({ filename, contentType, content, cid, related }) => {
			return [filename, contentType, content.equals(big) ? 'big' : content, cid, related];
		});
		expect(attached).toEqual([
			['图.png', 'image/png', picture, 'pic1', true],
			['会议 纪要.pdf', 'application/pdf', 'big', undefined, undefined],
			['a.txt', 'text/plain', Buffer.from('bare\nlines\r\n.\r\n'), undefined, undefined],
			['b.bin', 'application/octet-stream', Buffer.from('x\n'), undefined, undefined],
			['attachment', 'application/octet-stream', Buffer.from('y'), undefined, undefined]
		]);
	});

	it('[Q25] fails where a file can not be read, and never ends early as if it were whole', async () => {
		const broken: LetterFile = {
			...file('a', 'a', 'x/y'),
			open: async function* () {
				yield Buffer.from('some');
				throw new Error('the disk is gone');
			}
		};
		await expect(render({}, [broken])).rejects.toThrow('the disk is gone');
	});

	it.each([
		['a day ahead', now + 86_400_000, now],
		['in 1970', 0, now],
		['two weeks in an outbox', now - 14 * 86_400_000, now - 14 * 86_400_000]
	])('[Q25] dates a letter whose device says %s', async (_, date, expected) => {
		expect((await simpleParser(await render({ date }))).date?.getTime()).toBe(expected);
	});
});

describe('the date of a letter', () => {
	const dateIn = async (given: Partial<ComposedLetter>) =>
		/^Date: (.*)\r$/m.exec((await render(given)).toString())?.[1];

	it.each([
		['Asia/Shanghai', 'Mon, 23 Nov 2026 16:30:00 +0800'],
		['America/St_Johns', 'Mon, 23 Nov 2026 05:00:00 -0330'],
		['Pacific/Auckland', 'Mon, 23 Nov 2026 21:30:00 +1300'],
		['Mars/Olympus_Mons', 'Mon, 23 Nov 2026 08:30:00 +0000']
	])('[Q49] is what the writer’s clock showed in %s', async (zone, date) => {
		expect(await dateIn({ zone, date: now - 30 * 60_000 })).toBe(date);
	});

	it('[Q49] is in UTC where the device does not tell its zone', async () => {
		expect(await dateIn({})).toBe('Mon, 23 Nov 2026 08:59:00 +0000');
	});
});

describe('rendering a long letter', () => {
	const picture = () => file('pic1', 'a.png', 'image/png', Buffer.from([1, 2, 3]));
	const long = (html: string) => html.repeat(Math.ceil(20_000 / html.length));

	it.each([
		['short lines', long('<p>Hello.</p>\n')],
		['one long line', long('Hello, world. ')],
		['Chinese', long('<p>你好，世界</p>')],
		['a picture', `<img src="cid:pic1">${long('<p>&lt;é\r\n.\n</p>')}`]
	])('[Q45] makes the same bytes in a thread as here: %s', async (_, html) => {
		const body = await new LetterBodies().prepare(html);
		expect(typeof body.html).toBe('object');
		expect((await render({ html }, [picture()], body)).toString()).toBe(
			(await render({ html }, [picture()])).toString()
		);
	});

	it('[Q45] makes them also where Node is in its watch mode, and threads tell what they import', async () => {
		vi.stubEnv('WATCH_REPORT_DEPENDENCIES', '1');
		const html = long('<p>Hello.</p>');
		const body = await new LetterBodies().prepare(html);
		expect((await render({ html }, [], body)).toString()).toBe((await render({ html })).toString());
	});

	it('[Q45] makes an empty text of a letter that has none', async () => {
		const html = `<img src="data:image/png;base64,${long('AAAA')}">`;
		const parsed = await simpleParser(await render({ html }, [], await new LetterBodies().prepare(html)));
		expect(parsed.subject).toBe(letter().subject);
		expect(parsed.html).toContain(html);
		expect(parsed.text?.trim()).toBe('');
	});

	it('[Q45] lets everybody else go on meanwhile', async () => {
		const turned: string[] = [];
		setImmediate(() => turned.push('somebody'));
		await new LetterBodies().prepare(long('<p>Hello.</p>'));
		expect(turned).toEqual(['somebody']);
	});

	it('[Q45] refuses what takes too long, and what is no letter, and goes on with the next', async () => {
		const hurried = new LetterBodies(1);
		const letters = [hurried.prepare(long('<p>x</p>')), hurried.prepare('<p>short</p>')];
		expect(await Promise.allSettled(letters)).toMatchObject([
			{ reason: { name: 'LetterTooLongError' } },
			{ value: { text: 'short' } }
		]);
		const bodies = new LetterBodies();
		const later = [bodies.prepare(long('<b>')), bodies.prepare(long('<i>x</i>'))];
		expect(await Promise.allSettled(later)).toMatchObject([
			{ reason: { name: 'LetterTooDeepError' } },
			{ status: 'fulfilled' }
		]);
	});
});
