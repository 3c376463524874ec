import { describe, expect, it } from 'vitest';
import { parseAddresses } from './addresses.ts';

/** `Name <address>` for each mailbox of a list. */
const read = (raw: string): string[] =>
	parseAddresses(raw, null, 20).map(({ name, address }) => `${name} <${address}>`);

describe('an address list', () => {
	it.each([
		['a bare address', 'joe@example.org', [' <joe@example.org>']],
		['a name', 'Joe Doe <joe@example.org>', ['Joe Doe <joe@example.org>']],
		['a quoted name', '"Doe, \\"J\\"" <joe@example.org>', ['Doe, "J" <joe@example.org>']],
		['no name', '<joe@example.org>, <ann@example.org>', [' <joe@example.org>', ' <ann@example.org>']],
		[
			'comments (RFC 5322, A.5)',
			'Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>',
			['Pete <pete@silly.test>']
		],
		['a comment for a name', 'joe@example.org (Joe Doe)', ['Joe Doe <joe@example.org>']],
		[
			'a group',
			'A Group:Chris <c@a.test>,joe@b.test;, ann@c.test',
			['Chris <c@a.test>', ' <joe@b.test>', ' <ann@c.test>']
		],
		['an empty group', 'Undisclosed recipients:;', []],
		['a route (obsolete)', 'Mary <@a.tld,@b.tld:mary@x.test>', ['Mary <mary@x.test>']],
		[
			'white space in an address (obsolete)',
			'jdoe@machine(c).  example, a @ b . c',
			['c <jdoe@machine.example>', ' <a@b.c>']
		],
		['empty elements (obsolete)', ', ,joe@a.test,,', [' <joe@a.test>']],
		['semicolons', 'joe@a.test; ann@b.test', [' <joe@a.test>', ' <ann@b.test>']],
		['a quoted local part', '"joe doe"@a.test, "ann"@b.test', [' <"joe doe"@a.test>', ' <ann@b.test>']],
		[
			'a domain literal',
			'joe@[IPv6:2001:db8::1], ann@[192.0.2.1]',
			[' <joe@[IPv6:2001:db8::1]>', ' <ann@[192.0.2.1]>']
		],
		['a local name', 'root, postmaster (Post)', [' <root>', 'Post <postmaster>']],
		['a name without an address', 'John Smith', ['John Smith <>']],
		['a name before a bare address', 'John Smith joe@a.test', ['John Smith <joe@a.test>']],
		[
			'encoded words',
			'=?utf-8?B?5byg5Lyf?= <z@a.test>, "=?utf-8?Q?Doe,_J?=" <j@b.test>',
			['张伟 <z@a.test>', 'Doe, J <j@b.test>']
		],
		['a comma in an encoded word', '=?utf-8?Q?Doe,_J?= <j@b.test>', ['Doe, J <j@b.test>']],
		['raw UTF-8', 'J\xc3\xb6hn <jd\xc3\xb6e@m\xc3\xa4chine.test>', ['Jöhn <jdöe@mächine.test>']],
		['raw Big5 with an at sign for a byte', '\xa4@\xa6\xb8 <a@b.test>', ['一次 <a@b.test>']],
		['an unclosed quote', '"John <joe@a.test>', ['"John <joe@a.test>']],
		['an unclosed bracket', 'John <joe@a.test, ann@b.test', ['John <joe@a.test>', ' <ann@b.test>']],
		['an unclosed comment', 'joe@a.test (John', ['John <joe@a.test>']],
		['two addresses without a comma', '<a@b.test> <c@d.test>', [' <a@b.test>', ' <c@d.test>']],
		['nothing', '', []],
		['rubbish', '<>, (), :;, ""', []]
	])('[M13] with %s', (_, raw, expected) => {
		expect(read(raw)).toEqual(expected);
	});

	it('[M2] is bounded in mailboxes, names and addresses', () => {
		expect(parseAddresses('a@b.test,'.repeat(100), null, 20)).toHaveLength(20);
		expect(parseAddresses('<a@b.test>'.repeat(100), null, 20)).toHaveLength(20);
		expect(parseAddresses('<a@b.test> <a@b.test>,'.repeat(100), null, 3)).toHaveLength(3);
		const [first] = parseAddresses(`${'n'.repeat(500)} <${'a'.repeat(500)}@b.test>`, null, 20);
		expect([first?.name.length, first?.address.length]).toEqual([120, 320]);
	});

	it('[M13] never holds control characters', () => {
		expect(read('"a\rb" <c\u0000@d.test>')).toEqual(['a b <c@d.test>']);
	});
});
