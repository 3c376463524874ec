import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import {
	decodeAs,
	parseMessage,
	parserVersion,
	readPart,
	summarizeUnparsed,
	type ParsedMessage
} from './parse.ts';

const parse = (...lines: string[]): ParsedMessage => parseMessage(Buffer.from(lines.join('\r\n'), 'utf8'));

/** A multipart as lines; each part is its header lines, an empty line, its body. */
function multipart(subtype: string, ...parts: readonly (readonly string[])[]): string[] {
	const boundary = `b-${subtype}-${String(parts.length)}-${String(parts.flat().length)}`;
	return [
		`Content-Type: multipart/${subtype}; boundary="${boundary}"`,
		'',
		...parts.flatMap((part) => [`--${boundary}`, ...part]),
		`--${boundary}--`
	];
}

const plain = (text: string): string[] => ['Content-Type: text/plain; charset=utf-8', '', text];
const html = (text: string): string[] => ['Content-Type: text/html; charset=utf-8', '', text];
const file = (type: string, name: string): string[] => [
	...[
		`Content-Type: ${type}`,
		`Content-Disposition: attachment; filename="${name}"`,
		'Content-Transfer-Encoding: base64'
	],
	...['', 'SGVsbG8=']
];
const picture = (id: string): string[] => [`Content-Type: image/png`, `Content-ID: <${id}>`, '', 'png'];

describe('a message', () => {
	it('[M1] has a summary, thread keys and content', () => {
		const parsed = parse(
			'From: =?utf-8?B?5byg5Lyf?= <zhang@example.org>',
			'To: Ann <ann@example.org>, bob@example.org',
			'Cc: c@example.org',
			'Reply-To: r@example.org',
			'Subject: =?utf-8?B?5Zue5aSN77ya5Lya6K6u?=',
			'Date: Wed, 1 May 2024 10:00:00 +0800',
			'Message-ID: <2@example.org>',
			'In-Reply-To: <1@example.org>',
			...multipart('mixed', plain('好的'), file('application/pdf', 'a.pdf'))
		);
		expect(parsed).toEqual({
			summary: {
				messageId: '2@example.org',
				from: [{ name: '张伟', address: 'zhang@example.org' }],
				to: [
					{ name: 'Ann', address: 'ann@example.org' },
					{ name: '', address: 'bob@example.org' }
				],
				cc: [{ name: '', address: 'c@example.org' }],
				replyTo: [{ name: '', address: 'r@example.org' }],
				subject: '回复：会议',
				snippet: '好的',
				sentAt: Date.UTC(2024, 4, 1, 2),
				size: parsed.summary.size,
				attachments: 1
			},
			threadKeys: {
				messageId: '2@example.org',
				references: ['1@example.org'],
				baseSubject: '会议',
				isReply: true
			},
			content: {
				text: '好的',
				html: null,
				parts: [
					{
						section: '2',
						type: 'application/pdf',
						filename: 'a.pdf',
						size: 5,
						disposition: 'attachment',
						contentId: null
					}
				],
				defects: [],
				parser: parserVersion
			}
		});
	});

	it('[M1] may be nothing at all', () => {
		expect(parse('')).toMatchObject({
			summary: { from: [], subject: '', snippet: '', sentAt: null, size: 0, attachments: 0 },
			content: { text: '', html: null, parts: [], defects: ['no-headers'] }
		});
		expect(parse('just text', 'and more').content).toMatchObject({
			text: 'just text\nand more',
			defects: ['no-headers']
		});
	});

	it('[M13] takes the first From, and the recipients of all To fields', () => {
		const { summary } = parse('From: a@x', 'From: b@x', 'To: c@x', 'To: d@x', '', '');
		expect([summary.from, summary.to].map((list) => list.map(({ address }) => address))).toEqual([
			['a@x'],
			['c@x', 'd@x']
		]);
	});

	it('[M8] lets the body speak for raw bytes in the header, and the header for the body', () => {
		const gb = (text: string): Buffer => iconv.encode(text, 'gb18030');
		const message = Buffer.concat([
			Buffer.from('Subject: '),
			gb('谢谢'),
			Buffer.from('\r\nContent-Type: text/plain; charset=gb2312\r\n\r\n'),
			gb('你好')
		]);
		expect(parseMessage(message)).toMatchObject({ summary: { subject: '谢谢' }, content: { text: '你好' } });
		const unlabelled = Buffer.concat([Buffer.from('Subject: =?gb2312?B?xOO6ww==?=\r\n\r\n'), gb('谢谢')]);
		expect(parseMessage(unlabelled)).toMatchObject({
			summary: { subject: '你好' },
			content: { text: '谢谢' }
		});
	});

	it('[M8] tells of a charset nobody knows', () => {
		const message = Buffer.from(
			'Content-Type: text/plain; charset=x-mystery\r\n\r\n\xbb\xe1\xd2\xe9\xcd\xa8\xd6\xaa',
			'latin1'
		);
		expect(parseMessage(message).content).toMatchObject({ text: '会议通知', defects: ['unknown-charset'] });
	});
});

describe('text and HTML', () => {
	it('[M15] of an alternative are its two forms', () => {
		const { content } = parse(...multipart('alternative', plain('text'), html('<p>html')));
		expect(content).toMatchObject({ text: 'text', html: '<p>html', parts: [] });
	});

	it('[M15] of an alternative of several are the last of each kind', () => {
		const { content, summary } = parse(
			...multipart('alternative', plain('poor'), plain('rich'), html('poor'), html('rich'), [
				'Content-Type: text/calendar',
				'',
				'x'
			])
		);
		expect(content).toMatchObject({ text: 'rich', html: 'rich' });
		expect(content.parts.map(({ section }) => section)).toEqual(['1', '3', '5']);
		expect(summary.attachments).toBe(0);
	});

	it('[M15] are null where there is none', () => {
		expect(parse(...html('<p>x')).content).toMatchObject({ text: null, html: '<p>x' });
		expect(parse(...plain('x')).content).toMatchObject({ text: 'x', html: null });
		expect(parse(...file('image/png', 'x.png')).content).toMatchObject({ text: null, html: null });
	});

	it('[M15] of pieces that follow one another are complete each', () => {
		const { content } = parse(
			...multipart(
				'mixed',
				multipart('alternative', plain('text'), html('<p>html</p>')),
				picture('p'),
				plain('a < footer'),
				html('<b>end</b>')
			)
		);
		expect(content.text).toBe('text\na < footer\nend');
		expect(content.html).toBe(
			'<p>html</p>\n<div style="white-space: pre-wrap">a &lt; footer</div>\n<b>end</b>'
		);
		expect(content.parts.map(({ section }) => section)).toEqual(['2']);
	});

	it('[M15] of multipart/related are those of its root, first or named', () => {
		const related = multipart('related', html('<img src="cid:p">'), picture('p'), plain('not shown'));
		expect(parse(...related).content).toMatchObject({ text: null, html: '<img src="cid:p">' });
		const [type = '', ...rest] = multipart('related', picture('p'), ['Content-ID: <root>', ...html('named')]);
		expect(parse(`${type}; start="<root>"`, ...rest).content).toMatchObject({ html: 'named' });
	});

	it('[M15] within a branch of an alternative lose no piece', () => {
		const { content } = parse(
			...multipart(
				'alternative',
				plain('text'),
				multipart('mixed', html('<p>one</p>'), file('a/b', 'x'), plain('two'))
			)
		);
		expect(content.text).toBe('text');
		expect(content.html).toBe('<p>one</p>\n<div style="white-space: pre-wrap">two</div>');
	});

	it('[M15] leave a text with a file name to the files, unless it comes first', () => {
		const named = (text: string): string[] => [`Content-Type: text/plain; name="${text}.txt"`, '', text];
		const { content } = parse(...multipart('mixed', named('one'), named('two'), plain('three')));
		expect(content.text).toBe('one\nthree');
		expect(content.parts.map(({ filename }) => filename)).toEqual(['two.txt']);
	});

	it('[M15] read other kinds of text as plain, and data not at all', () => {
		const other = (type: string): string[] => [`Content-Type: text/${type}`, '', type];
		const { content } = parse(
			...multipart('mixed', other('enriched'), other('x-log'), other('calendar'), other('csv'))
		);
		expect(content.text).toBe('enriched\nx-log');
		expect(content.parts.map(({ type }) => type)).toEqual(['text/calendar', 'text/csv']);
	});

	it('[M15] have LF at line ends and no NUL', () => {
		expect(parse('Subject: x', '', 'a', 'b\rc\u0000d').content.text).toBe('a\nb\ncd');
	});

	it('[M2] hold 2 MB each at most, no character of them halved', () => {
		const long = '你好'.repeat(600_000);
		const { content } = parse(...multipart('alternative', plain(long), html(long)));
		for (const text of [content.text ?? '', content.html ?? '']) {
			expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2 * 1024 * 1024);
			expect(Buffer.byteLength(text)).toBeGreaterThan(2 * 1024 * 1024 - 4);
			expect(long.startsWith(text)).toBe(true);
		}
		expect(content.defects).toEqual(['text-truncated']);
		const gb = Buffer.concat([Buffer.from('\r\n'), iconv.encode('会议通知\n'.repeat(400_000), 'gb18030')]);
		expect(parseMessage(gb).content.text).not.toContain('\ufffd');
	});
});

describe('attachments', () => {
	const count = (...lines: string[]): number => parse(...lines).summary.attachments;

	it('[M16] [2.2.2-a] are files, not pictures within the HTML', () => {
		const body = multipart('related', html('<img src="cid:p%40x">'), picture('p@x'));
		expect(count(...body)).toBe(0);
		expect(count(...multipart('mixed', body, file('image/png', 'photo.png')))).toBe(1);
		expect(count(...multipart('mixed', html('<img src="cid:p">'), picture('p'), picture('q')))).toBe(1);
	});

	it('[M16] are not signatures, reports or other forms of the text', () => {
		const signature = ['Content-Type: application/pgp-signature; name="s.asc"', '', 'x'];
		expect(count(...multipart('signed', plain('x'), signature))).toBe(0);
		expect(count(...multipart('mixed', plain('x'), signature))).toBe(0);
		const status = ['Content-Type: message/delivery-status', '', 'x'];
		const letter = ['Content-Type: message/rfc822', '', 'Subject: y', '', 'z'];
		expect(count(...multipart('report', plain('x'), status, letter))).toBe(0);
		expect(count(...multipart('alternative', plain('x'), ['Content-Type: text/calendar', '', 'y']))).toBe(0);
	});

	it('[M16] are a forwarded letter as a whole, and winmail.dat as it is', () => {
		const letter = [
			'Content-Type: message/rfc822',
			'',
			...multipart('mixed', plain('z'), file('a/b', 'inner'))
		];
		const { content, summary } = parse(
			...multipart('mixed', plain('x'), letter, file('application/ms-tnef', 'winmail.dat'))
		);
		expect(summary.attachments).toBe(2);
		expect(content.parts.map(({ type, section }) => `${section} ${type}`)).toEqual([
			'2 message/rfc822',
			'3 application/ms-tnef'
		]);
	});

	it('[M11] have names without a directory', () => {
		for (const [given, filename] of [
			['../../etc/passwd', 'passwd'],
			['C:\\x\\y.exe', 'y.exe'],
			['..', null],
			['x/', null],
			[`${'n'.repeat(400)}.txt`, 'n'.repeat(255)]
		]) {
			expect(parse(...file('a/b', given ?? '')).content.parts[0]?.filename).toBe(filename);
		}
	});

	it('[M16] say how they want to be shown', () => {
		const { content } = parse(
			...multipart(
				'mixed',
				plain('x'),
				picture('p'),
				file('a/b', 'c'),
				['Content-Type: a/b', '', 'x'],
				['Content-Type: image/png; name=x.png', '', 'x']
			)
		);
		expect(content.parts.map(({ disposition }) => disposition)).toEqual([
			...['inline', 'attachment'],
			...['attachment', 'attachment']
		]);
	});
});

describe('one part', () => {
	const message = Buffer.from(
		multipart('mixed', plain('x'), file('application/pdf', '\u6587\u4ef6.pdf'), [
			'Content-Type: message/rfc822',
			'',
			'Subject: y',
			'',
			'z'
		]).join('\r\n')
	);

	it('[M6] [2.2.2-a] is read by its section, decoded', () => {
		expect(readPart(message, '2')).toEqual({
			type: 'application/pdf',
			filename: '文件.pdf',
			bytes: Buffer.from('Hello')
		});
		expect(readPart(message, '3')?.bytes.toString()).toBe('Subject: y\r\n\r\nz');
		expect(readPart(message, '3.1')?.bytes.toString()).toBe('z');
		expect(readPart(message, 'TEXT')?.type).toBe('multipart/mixed');
		for (const section of ['', '0', '4', '2.1', '__proto__']) expect(readPart(message, section)).toBeNull();
	});
});

describe('a charset the reader chooses', () => {
	const message = Buffer.from(
		'Subject: \xa7\xda\xaa\xba\r\nContent-Type: text/plain; charset=gb2312\r\n\r\n\xa7\xda\xaa\xba',
		'latin1'
	);

	it('[M12] [2.2.13-a] is that of texts and raw fields', () => {
		expect(decodeAs(message, 'big5')).toMatchObject({
			summary: { subject: '我的', snippet: '我的' },
			content: { text: '我的' }
		});
		expect(decodeAs(message, 'gb18030').content.text).toBe(
			new TextDecoder('gb18030').decode(message.subarray(-4))
		);
	});

	it('[M12] [2.2.13-a] changes nothing where nobody knows it', () => {
		const { content } = decodeAs(message, 'x-mystery');
		expect(content.defects).toEqual(['unknown-charset']);
		expect(content.text).toBe(parseMessage(message).content.text);
	});
});

describe('what is very large', () => {
	const fifty = 50 * 1024 * 1024;
	const fill = (head: string, line: string): Buffer =>
		Buffer.concat([Buffer.from(head), Buffer.alloc(fifty - head.length, line)]);

	it('[M2] is a letter of 50 MB, whatever it is made of', () => {
		const text = parseMessage(fill('Subject: x\r\n\r\n', 'a line of text\r\n'));
		expect([text.summary.size, text.summary.subject, text.content.defects]).toEqual([
			fifty,
			'x',
			['text-truncated']
		]);
		const head = 'Content-Type: a/b; name=x\r\nContent-Transfer-Encoding: base64\r\n\r\n';
		const lines = Math.floor((fifty - head.length) / 6);
		const [part] = parseMessage(fill(head, 'QUJD\r\n').subarray(0, head.length + lines * 6)).content.parts;
		expect(part?.size).toBe(lines * 3);
		for (const filling of ['\r', '\n', '\0', 'x:\n', '--\n', '=\n', ' ', '\xff', 'From ']) {
			expect(parseMessage(fill('', filling)).content.defects).not.toContain('unparsable');
		}
	});

	it('[M2] is a letter of 1,000 parts, and one of a million', () => {
		const part = '--b\r\nContent-Type: text/x-y; name=z\r\n\r\nw\r\n';
		const head = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n';
		const thousand = parseMessage(Buffer.from(`${head}${part.repeat(1000)}--b--`));
		expect([thousand.content.parts.length, thousand.summary.attachments]).toEqual([999, 999]);
		expect(thousand.content.defects).toEqual([]);
		const million = parseMessage(fill(head, part));
		expect(million.content.parts).toHaveLength(999);
		expect(million.content.defects).toEqual(['too-many-parts']);
	});

	it('[M2] is a letter of 100 levels', () => {
		const levels = Array.from({ length: 100 }, (_, level) => {
			const name = `b${String(level)}`;
			return `Content-Type: multipart/mixed; boundary=${name}\r\n\r\n--${name}`;
		});
		const { content } = parse(...levels, 'deep');
		expect(content.parts).toHaveLength(1);
		expect(content.defects).toContain('too-deep');
	});
});

describe('a message that could not be parsed', () => {
	it('[M22] is shown by its header', () => {
		const head = Buffer.from('From: a@x\r\nSubject: Re: hello\r\nMessage-ID: <1@x>\r\n\r\nbody');
		expect(summarizeUnparsed(head, 123)).toMatchObject({
			summary: { subject: 'Re: hello', from: [{ address: 'a@x' }], size: 123, attachments: 0 },
			threadKeys: { messageId: '1@x', baseSubject: 'hello', isReply: true },
			content: { text: null, html: null, parts: [], defects: ['unparsable'] }
		});
		expect(summarizeUnparsed(Buffer.alloc(0), 0).summary.subject).toBe('');
	});
});
