import { describe, expect, it } from 'vitest';
import { decodedSize, decodeTransfer, isBrokenTransfer, transferEncodingOf } from './transfer-encoding.ts';

const undo = (text: string, encoding: 'base64' | 'quoted-printable' | 'uuencode'): string => {
	const bytes = Buffer.from(text, 'latin1');
	const decoded = decodeTransfer(bytes, encoding);
	expect(decodedSize(bytes, encoding)).toBe(decoded.length);
	return decoded.toString('latin1');
};

describe('base64', () => {
	it.each([
		['plain', 'SGVsbG8=', 'Hello'],
		['lines', 'SGVs\r\nbG8=\r\n', 'Hello'],
		['strays', 'SG!Vs*bG8=', 'Hello'],
		['no padding', 'SGVsbG8', 'Hello'],
		['a lone character at the end', 'SGVsb', 'Hel'],
		['text behind the padding', 'SGVsbG8=\r\n-- footer', 'Hello'],
		['stray padding within a group', 'SG=VsbG8=', 'Hello'],
		['the letters of the URL alphabet as strays', 'SGVs-_bG8=', 'Hello'],
		['nothing', '', '']
	])('[M7] undoes %s', (_, encoded, decoded) => {
		expect(undo(encoded, 'base64')).toBe(decoded);
	});

	it('[M7] tells of strays and of a group cut short', () => {
		const broken = (text: string): boolean => isBrokenTransfer(Buffer.from(text), 'base64');
		expect(['SGVsbG8=', 'SGVs\r\nbG8', ''].map(broken)).toEqual([false, false, false]);
		expect(['SG!Vs', 'SGVsb', 'SG=VsbG8='].map(broken)).toEqual([true, true, true]);
	});
});

describe('quoted-printable', () => {
	it.each([
		['octets', '=E4=BD=A0', '\xe4\xbd\xa0'],
		['lower case', '=e4=bd', '\xe4\xbd'],
		['a soft line end', 'a=\r\nb=\nc', 'abc'],
		['a soft line end with white space', 'a= \t\r\nb', 'ab'],
		['a soft end of the text', 'a=', 'a'],
		['white space before a line end (rule 3)', 'a \t\r\nb \nc ', 'a\r\nb\nc'],
		['encoded white space before a line end', 'a=20\r\nb', 'a \r\nb'],
		['white space before a soft line end', 'a =\r\nb', 'a b'],
		['what is no octet', 'a=xyz=4', 'a=xyz=4'],
		['a line of white space', 'a\r\n  \r\nb', 'a\r\n\r\nb'],
		['a lone CR', 'a\rb', 'a\rb']
	])('[M7] undoes %s', (_, encoded, decoded) => {
		expect(undo(encoded, 'quoted-printable')).toBe(decoded);
	});
});

describe('uuencode', () => {
	it('[M7] undoes what stands between begin and end', () => {
		expect(undo('preface\nbegin 644 a.txt\n%2&5L;&\\\n`\nend\nafter', 'uuencode')).toBe('Hello');
		expect(undo('no begin', 'uuencode')).toBe('no begin');
	});
});

describe('the name of an encoding', () => {
	it.each([
		['', 'identity'],
		['7bit', 'identity'],
		[' BASE64 ', 'base64'],
		['quoted-printable;', 'quoted-printable'],
		['"base64"', 'base64'],
		['base64 (comment)', 'base64'],
		['x-uue', 'uuencode'],
		['text/html', null]
	])('[M7] in %j is %j', (value, encoding) => {
		expect(transferEncodingOf(value)).toBe(encoding);
	});
});
