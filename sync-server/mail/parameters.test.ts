import { describe, expect, it } from 'vitest';
import { parameterText } from './header-text.ts';
import { dispositionOf, mediaTypeOf, parseParameterized } from './parameters.ts';

/** The parameters of a field as text; raw bytes are the characters U+0080 to U+00FF. */
function read(text: string): Record<string, string> {
	const { parameters } = parseParameterized(text);
	return Object.fromEntries([...parameters].map(([name, value]) => [name, parameterText(value, null)]));
}

describe('parameters', () => {
	it.each([
		['a token', 'text/plain; charset=UTF-8', { charset: 'UTF-8' }],
		['a quoted string', 'a/b; name="x; \\"y\\" \\\\z.txt"', { name: 'x; "y" \\z.txt' }],
		['a path of Windows', 'a/b; name="C:\\tmp\\x.txt"', { name: 'C:\\tmp\\x.txt' }],
		['white space about the sign', 'a/b; name = "x"', { name: 'x' }],
		['a token with spaces', 'a/b; name=my file.txt; x=y', { name: 'my file.txt', x: 'y' }],
		['comments', 'a/b (c); (d) name=x (e); y=z', { name: 'x', y: 'z' }],
		['semicolons without end', 'a/b;; ;name=x;;', { name: 'x' }],
		['a missing semicolon', 'a/b charset=x; name="y" z=w', { charset: 'x', name: 'y', z: 'w' }],
		['a quote never closed', 'a/b; name="x', { name: 'x' }],
		['a flag', 'attachment; inline; filename=x', { filename: 'x' }],
		['a name given twice', 'a/b; name=x; name=y', { name: 'x' }]
	])('[M11] reads %s', (_, text, expected) => {
		expect(read(text)).toEqual(expected);
	});

	it.each([
		['one extended value', "a/b; filename*=UTF-8''%E4%BD%A0%20x.txt", '你 x.txt'],
		[
			'sections without semicolons (RFC 2231, 4.1)',
			'a/b filename*0*=us-ascii\'en\'a%20 filename*1*=%2Ab filename*2="c%20"',
			'a *bc%20'
		],
		['sections in any order', 'a/b; filename*1=b; filename*0=a', 'ab'],
		['an extended value before a plain one', "a/b; filename=x; filename*=UTF-8''y", 'y'],
		['a value without a charset', 'a/b; filename*=%E4%BD%A0', '你'],
		['a wrong charset', "a/b; filename*=utf-8''%CE%C4%BC%FE.txt", '文件.txt'],
		['raw GB 18030', 'a/b; filename="\xce\xc4\xbc\xfe.txt"', '文件.txt'],
		['raw UTF-8', 'a/b; filename="\xe6\x96\x87.txt"', '文.txt'],
		['encoded words', 'a/b; filename="=?GB2312?B?zsS8/g==?= =?GB2312?B?LnR4dA==?="', '文件.txt'],
		['an escaped word once only', "a/b; filename*=utf-8''%3D%3Futf-8%3FQ%3Fa%3F%3D", '=?utf-8?Q?a?='],
		['a mark that turns the direction', "a/b; filename*=utf-8''a%E2%80%AEtxt.exe", 'atxt.exe']
	])('[M11] decodes %s', (_, text, filename) => {
		expect(read(text)['filename']).toBe(filename);
	});
});

describe('media types', () => {
	it.each([
		['Text/HTML; charset=x', 'text/html'],
		['image/ jpeg', 'image/jpeg'],
		['(a) text (b) / (c) plain (d); x=y', 'text/plain'],
		['text/html charset=x', 'text/html'],
		['', 'fall/back'],
		['text', 'text/plain'],
		['/plain', 'text/plain'],
		['a/b/c', 'text/plain'],
		['<script>/x', 'text/plain']
	])('[M6] of %j is %j', (text, type) => {
		expect(mediaTypeOf(text, 'fall/back').type).toBe(type);
	});
});

describe('dispositions', () => {
	it('[M16] that are unknown mean attachment (RFC 2183 section 2.8)', () => {
		const wishes = ['inline; a=b', 'Attachment', 'form-data', '', ';a=b'].map(
			(text) => dispositionOf(text).wish
		);
		expect(wishes).toEqual(['inline', 'attachment', 'attachment', null, null]);
	});
});
