import { describe, expect, it } from 'vitest';
import { cleanLine, headerText, truncate } from './header-text.ts';

const b = (text: string, encoding: BufferEncoding = 'utf8'): string =>
	Buffer.from(text, encoding).toString('base64');

describe('the text of a field', () => {
	it.each([
		// The examples of RFC 2047 section 8.
		['=?ISO-8859-1?Q?a?=', 'a'],
		['=?ISO-8859-1?Q?a?= b', 'a b'],
		['=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=', 'ab'],
		['=?ISO-8859-1?Q?a?=    =?ISO-8859-1?Q?b?=', 'ab'],
		['=?ISO-8859-1?Q?a_b?=', 'a b'],
		['=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=', 'a b'],
		// Real mail.
		['=?utf-8?q?caf=C3=A9?=', 'café'],
		['=?UTF-8*en?B?5L2g?=', '你'],
		['x=?utf-8?q?y?=z', 'xyz'],
		['=?utf-8?q?a b?=', 'a b'],
		['=?utf-8?q?what??=', 'what?'],
		['=?utf-8?b?5L2g', '=?utf-8?b?5L2g'],
		['=?utf-8?x?a?=', '=?utf-8?x?a?='],
		['=?NONE?B?VEVTVA==?=', 'TEST'],
		['=?= =?', '=?= =?'],
		['=?utf-8?q??=', '']
	])('[M10] of %j is %j', (raw, text) => {
		expect(headerText(raw, null)).toBe(text);
	});

	it('[M10] joins a character that was cut between words', () => {
		const [first, second] = [Buffer.from('你好').subarray(0, 4), Buffer.from('你好').subarray(4)];
		const words = `=?utf-8?B?${first.toString('base64')}?= =?UTF-8?Q?=${second.toString('hex').match(/../g)!.join('=')}?=`;
		expect(headerText(words, null)).toBe('你好');
		expect(headerText('=?gb2312?Q?=C4=E3=BA?= =?gbk?Q?=C3?=', null)).toBe('你好');
		expect(headerText(`=?utf-8?B?${b('你好').slice(0, 5)}?= =?utf-8?B?${b('你好').slice(5)}?=`, null)).toBe(
			'你好'
		);
	});

	it('[M10] reads a word by its bytes where the label is wrong', () => {
		expect(headerText('=?gb2312?B?5L2g5aW9?=', null)).toBe('你好');
		expect(headerText('=?iso-8859-1?B?u+HS6c2o1qo=?=', null)).toBe('会议通知');
	});

	it('[M10] forgives an underscore that was left as a byte', () => {
		expect(headerText('=?big5?Q?=A4@=B0_=A8=D3=A7a!?=', null)).toBe('一起來吧!');
		expect(headerText('=?big5?Q?=A4=A3_=A4=A3?=', null)).toBe('不 不');
	});

	it('[M10] detects raw bytes, with what is expected', () => {
		expect(headerText('\xbb\xe1\xd2\xe9\xcd\xa8\xd6\xaa', null)).toBe('会议通知');
		expect(headerText('\xe4\xbd\xa0 caf\xc3\xa9', null)).toBe('你 café');
		expect(headerText('\xd0\xbb\xd0\xbb', 'gb18030')).toBe('谢谢');
		expect(headerText('Re: \xbb\xe1\xd2\xe9 =?utf-8?B?5L2g?=', null)).toBe('Re: 会议 你');
	});

	it('[M10] holds no control characters and no marks of direction', () => {
		expect(headerText('=?utf-8?Q?a=0D=0ABcc:_b=00c?=', null)).toBe('a Bcc: b c');
		expect(cleanLine('a\u202eb\u2066c \t  d')).toBe('abc d');
	});
});

describe('a truncated text', () => {
	it('[M2] is never cut within a character', () => {
		expect(truncate('ab😀', 3)).toBe('ab');
		expect(truncate('ab😀', 4)).toBe('ab😀');
	});
});
