import { describe, expect, it } from 'vitest';
import { fieldValue } from './header-block.ts';
import { entities, entityAt, scanMessage, structureLimits, type Structure } from './structure.ts';

const scan = (...lines: string[]): Structure => scanMessage(Buffer.from(lines.join('\r\n'), 'latin1'));

/** The tree as `section kind type "body"`, a line an entity. */
function outline(structure: Structure): string[] {
	return [...entities(structure.root)].map((entity) => {
		const body = structure.bytes.toString('latin1', entity.bodyStart, entity.bodyEnd);
		const shown = entity.kind === 'leaf' ? ` ${JSON.stringify(body)}` : '';
		return `${entity.section} ${entity.mediaType.type}${shown}`;
	});
}

describe('the header of a message', () => {
	it('[M4] ends at the first empty line, and offsets name its bytes', () => {
		const structure = scan('Subject: a', ' b', 'X: y', '', 'body', '');
		const { root, bytes } = structure;
		expect(bytes.toString('latin1', root.headerStart, root.headerEnd)).toBe('Subject: a\r\n b\r\nX: y\r\n');
		expect(bytes.toString('latin1', root.bodyStart, root.bodyEnd)).toBe('body\r\n');
		expect(fieldValue(root.fields, 'subject')).toBe('a b');
	});

	it('[M4] passes over rubbish that fields follow, and begins the body at rubbish that none follow', () => {
		const within = scan('From: a@b.example', 'rubbish here', 'Subject: after', '', 'body');
		expect(fieldValue(within.root.fields, 'subject')).toBe('after');
		expect(outline(within)).toEqual(['1 text/plain "body"']);
		const missing = scan('From: a@b.example', 'Dear Ann,', 'how are you', '', 'Bob');
		expect(outline(missing)).toEqual(['1 text/plain "Dear Ann,\\r\\nhow are you\\r\\n\\r\\nBob"']);
	});

	it('[M4] makes all of a message without fields its body', () => {
		const structure = scan('Hello', 'Note: this is no header', '', 'body');
		expect(outline(structure)).toEqual(['1 text/plain "Hello\\r\\nNote: this is no header\\r\\n\\r\\nbody"']);
		expect([...structure.defects]).toEqual(['no-headers']);
		expect(outline(scan('rubbish first', 'Subject: x', '', 'body'))).toEqual(['1 text/plain "body"']);
	});

	it('[M4] skips an mbox line, but not the obsolete form of From', () => {
		const mbox = scan('From ann@example.org Fri Feb 19 08:41:30 2010', 'Subject: x', '', 'body');
		expect(mbox.root.headerStart).toBe(47);
		expect(fieldValue(mbox.root.fields, 'subject')).toBe('x');
		expect(fieldValue(scan('From : ann@example.org', '', '').root.fields, 'from')).toBe('ann@example.org');
	});

	it('[M3] reads LF, CRLF and, in a message without LF, CR as line ends', () => {
		for (const end of ['\n', '\r\n', '\r']) {
			const source = [
				'Subject: x',
				'Content-Type: multipart/mixed; boundary=b',
				'',
				'--b',
				'',
				'one',
				'--b--'
			];
			const structure = scanMessage(Buffer.from(source.join(end)));
			expect(outline(structure)).toEqual(['TEXT multipart/mixed', '1 text/plain "one"']);
		}
		expect(fieldValue(scanMessage(Buffer.from('Subject: a\rb\n\nbody')).root.fields, 'subject')).toBe('ab');
	});

	it('[M4] bears messages that are next to nothing', () => {
		for (const source of ['', '\r\n', '\n\n', ':', 'a', 'a:', ' ', '\r', 'From ', '--']) {
			expect(outline(scanMessage(Buffer.from(source)))).toHaveLength(1);
		}
	});
});

describe('multiparts', () => {
	const mixed = (boundary: string): string => `Content-Type: multipart/mixed; boundary="${boundary}"`;

	it('[M5] leaves the line end before a delimiter to the delimiter, and preamble and epilogue out', () => {
		const structure = scan(
			mixed('b'),
			'',
			'preamble',
			'--b',
			'',
			'one',
			'',
			'--b  ',
			'',
			'two',
			'--b--',
			'epilogue'
		);
		expect(outline(structure)).toEqual([
			'TEXT multipart/mixed',
			'1 text/plain "one\\r\\n"',
			'2 text/plain "two"'
		]);
		expect(structure.defects.size).toBe(0);
	});

	it('[M5] takes only whole lines as delimiters', () => {
		const structure = scan(mixed('a'), '', '--a', '', '--ab', 'x --a', '--a--x', '--a--');
		expect(outline(structure)).toEqual([
			'TEXT multipart/mixed',
			'1 text/plain "--ab\\r\\nx --a\\r\\n--a--x"'
		]);
	});

	it('[M5] ends inner parts at an outer delimiter', () => {
		const structure = scan(
			mixed('o'),
			'',
			'--o',
			mixed('i'),
			'',
			'--i',
			'',
			'inner',
			'--o',
			'',
			'outer',
			'--o--'
		);
		expect(outline(structure)).toEqual([
			'TEXT multipart/mixed',
			'1 multipart/mixed',
			'1.1 text/plain "inner"',
			'2 text/plain "outer"'
		]);
		expect([...structure.defects]).toEqual(['missing-boundary']);
	});

	it('[M5] takes an unfinished part to the end', () => {
		const structure = scan(mixed('b'), '', '--b', '', 'one');
		expect(outline(structure)).toEqual(['TEXT multipart/mixed', '1 text/plain "one"']);
		expect([...structure.defects]).toEqual(['missing-boundary']);
	});

	it.each([
		['no boundary', 'Content-Type: multipart/mixed'],
		['an empty boundary', 'Content-Type: multipart/mixed; boundary=""'],
		['a boundary that never comes', mixed('x')]
	])('[M5] shows a multipart with %s as text', (_, field) => {
		const structure = scan(field, '', 'text', '--y--');
		expect(outline(structure)).toEqual(['1 text/plain "text\\r\\n--y--"']);
		expect([...structure.defects]).toEqual(['missing-boundary']);
	});

	it('[M5] bears parts without a header, without a body, and without anything', () => {
		const structure = scan(mixed('b'), '', '--b', '--b', 'Content-Type: text/html', '--b', '', '--b--');
		expect(outline(structure)).toEqual([
			'TEXT multipart/mixed',
			'1 text/plain ""',
			'2 text/html ""',
			'3 text/plain ""'
		]);
	});

	it('[M6] takes the parts of a digest for messages unless they say otherwise', () => {
		const structure = scan(
			'Content-Type: multipart/digest; boundary=b',
			'',
			...['--b', '', 'Subject: one', '', 'first', '--b', 'Content-Type: text/plain', '', 'second', '--b--']
		);
		expect(outline(structure)).toEqual([
			'TEXT multipart/digest',
			'1 message/rfc822',
			'1.1 text/plain "first"',
			'2 text/plain "second"'
		]);
	});
});

describe('section numbers', () => {
	it('[M6] are those of the example in RFC 3501', () => {
		const leaf = (type: string): string[] => [`Content-Type: ${type}`, '', 'x'];
		const multipart = (boundary: string, ...parts: string[][]): string[] => [
			`Content-Type: multipart/mixed; boundary=${boundary}`,
			'',
			...parts.flatMap((part) => [`--${boundary}`, ...part]),
			`--${boundary}--`
		];
		const message = (...lines: string[]): string[] => ['Content-Type: message/rfc822', '', ...lines];
		const plain = leaf('text/plain');
		const octets = leaf('application/octet-stream');
		const structure = scan(
			...multipart(
				'a',
				plain,
				octets,
				message(...multipart('b', plain, octets)),
				multipart(
					'c',
					leaf('image/gif'),
					message(...multipart('d', plain, multipart('e', plain, leaf('text/richtext'))))
				)
			)
		);
		const sections = [...entities(structure.root)].map(
			(entity) => `${entity.section} ${entity.mediaType.type}`
		);
		expect(sections).toEqual([
			'TEXT multipart/mixed',
			'1 text/plain',
			'2 application/octet-stream',
			'3 message/rfc822',
			'3.TEXT multipart/mixed',
			'3.1 text/plain',
			'3.2 application/octet-stream',
			'4 multipart/mixed',
			'4.1 image/gif',
			'4.2 message/rfc822',
			'4.2.TEXT multipart/mixed',
			'4.2.1 text/plain',
			'4.2.2 multipart/mixed',
			'4.2.2.1 text/plain',
			'4.2.2.2 text/richtext'
		]);
		expect(entityAt(structure, '4.2.2.2')?.mediaType.type).toBe('text/richtext');
		expect(entityAt(structure, '9')).toBeNull();
	});

	it('[M6] number the only part of a message 1, also in an embedded one', () => {
		expect(outline(scan('Subject: x', '', 'body'))).toEqual(['1 text/plain "body"']);
		const embedded = scan('Content-Type: message/rfc822', '', 'Subject: y', '', 'inner');
		expect(outline(embedded)).toEqual(['1 message/rfc822', '1.1 text/plain "inner"']);
		const encoded = scan(
			'Content-Type: message/rfc822',
			'Content-Transfer-Encoding: base64',
			'',
			'U3ViamVjdDogeA=='
		);
		expect(encoded.root.kind).toBe('leaf');
	});
});

describe('bounds', () => {
	it('[M2] uses 1,000 leaves and tells that there are more', () => {
		const body = '--b\r\n\r\nx\r\n'.repeat(1500);
		const structure = scan('Content-Type: multipart/mixed; boundary=b', '', `${body}--b--`);
		const leaves = [...entities(structure.root)].filter((entity) => entity.kind === 'leaf');
		expect(leaves).toHaveLength(structureLimits.leaves);
		expect([...structure.defects]).toEqual(['too-many-parts']);
	});

	it('[M2] stops at 20 levels of multiparts and of messages', () => {
		const levels = Array.from({ length: 100 }, (_, level) => [
			`Content-Type: multipart/mixed; boundary=b${String(level)}`,
			'',
			`--b${String(level)}`
		]);
		for (const structure of [
			scan(...levels.flat(), '', 'deep'),
			scan(...Array.from({ length: 100 }, () => ['Content-Type: message/rfc822', '']).flat(), 'deep')
		]) {
			expect([...entities(structure.root)]).toHaveLength(structureLimits.depth + 1);
			expect(structure.defects.has('too-deep')).toBe(true);
		}
	});

	it('[M2] reads a bounded number of header fields', () => {
		const part = `--b\r\n${'X: y\r\n'.repeat(1900)}\r\n`;
		const structure = scan('Content-Type: multipart/mixed; boundary=b', '', `${part.repeat(40)}--b--`);
		let count = 0;
		for (const { fields } of entities(structure.root))
			for (const values of fields.values()) count += values.length;
		expect(count).toBeLessThanOrEqual(structureLimits.fields);
		expect(count).toBeGreaterThan(structureLimits.fields - 1900);
	});
});
