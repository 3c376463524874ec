import { Parser } from 'htmlparser2';
import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { corpusFile, haveCorpora, tellWithoutCorpora } from '../../e2e/outside/corpora.ts';
import { cleanLetterHtml, LetterTooDeepError } from './letter-html.ts';
import { textOfLetter } from './letter-text.ts';

describe('cleaning the HTML of a letter', () => {
	it('[Q26] keeps what an editor makes', () => {
		const letter =
			'<p>你好 <strong>world</strong> &amp; <a href="https://x.example/?a=1&amp;b=2">link</a></p>' +
			'<ul><li>one</li></ul><blockquote type="cite">said</blockquote><p><img src="cid:a1" alt="pic"><br></p>';
		expect(cleanLetterHtml(letter)).toBe(letter);
	});

	it('[Q26] leaves out scripts, handlers, forms and frames', () => {
		const hostile =
			'<script>alert(1)</script><p onclick="x()" id="a">a<iframe src="https://x"></iframe></p>' +
			'<form action="/x"><input value="b">c</form><style>*{background:url(x)}</style><svg><a>d</a></svg>';
		expect(cleanLetterHtml(hostile)).toBe('<p>a</p>c');
	});

	it.each([
		'javascript:alert(1)',
		'java\tscript:alert(1)',
		'\u0001javascript:alert(1)',
		'vbscript:x',
		'data:text/html,x',
		'//x.example'
	])('[Q26] keeps no link to %j', (href) => {
		expect(cleanLetterHtml(`<a href="${href}">x</a>`)).toBe('<a>x</a>');
	});

	it('[Q26] keeps of a style what only looks', () => {
		const style =
			'color: rgb(1, 2, 3); background-color:red;position:fixed; width: expression(1); color:\\75rl(x)';
		expect(cleanLetterHtml(`<p style="${style}">x</p>`)).toBe(
			'<p style="color: rgb(1, 2, 3); background-color: red">x</p>'
		);
	});

	it('[Q26] balances what is broken and stays flat where it is too deep', () => {
		expect(cleanLetterHtml('<b><i>x</b>y')).toBe('<b><i>x</i></b>y');
		const deep = cleanLetterHtml('<div>'.repeat(1500) + 'x' + '</div>'.repeat(1500));
		expect(deep).toBe('<div>'.repeat(100) + 'x' + '</div>'.repeat(100));
	});

	it('[Q26] refuses what is made to keep it busy, and takes a long letter', () => {
		expect(() => cleanLetterHtml('<x>'.repeat(600_000))).toThrow(LetterTooDeepError);
		const long = '<p>a<br>b<img alt="c"></p>'.repeat(70_000);
		expect(cleanLetterHtml(long)).toBe(long);
	});
});

/** Everything in HTML that could run or fetch without being asked. */
function dangersIn(html: string): string[] {
	const found: string[] = [];
	new Parser({
		onopentag(name, attributes) {
			if (/^(script|style|iframe|object|embed|form|svg|math|base|link|meta|input)$/.test(name))
				found.push(name);
			for (const [key, value] of Object.entries(attributes)) {
				if (key.startsWith('on')) found.push(key);
				if (/^\s*(javascript|vbscript|data:text)/i.test(value)) found.push(`${key}=${value}`);
				if (key === 'style' && /url\(|expression/i.test(value)) found.push(value);
			}
		}
	}).end(html);
	return found;
}

tellWithoutCorpora('No hostile HTML is cleaned.');

describe.skipIf(!haveCorpora)('hostile HTML', () => {
	it('[Q26] runs nothing and fetches nothing once cleaned, and cleaning again changes nothing', () => {
		const attacks = v.parse(
			v.array(v.object({ payload: v.string() })),
			JSON.parse(corpusFile('html/dompurify.json').toString())
		);
		expect(attacks.length).toBeGreaterThan(100);
		for (const { payload } of attacks) {
			const clean = cleanLetterHtml(payload);
			expect(dangersIn(clean), payload).toEqual([]);
			expect(cleanLetterHtml(clean), payload).toBe(clean);
		}
	});
});

describe('plain text of a letter', () => {
	it('[Q25] shows paragraphs, lists, quotes and where links lead', () => {
		const html =
			'<p>Dear  all,<br>see <a href="https://x.example/">here</a> and <a href="https://y.example/">https://y.example/</a></p>' +
			'<ol><li>one</li><li>two<ul><li>deep</li></ul></li></ol><blockquote><p>he said</p><p>so</p></blockquote><p>bye</p>';
		expect(textOfLetter(html)).toBe(
			'Dear all,\nsee here <https://x.example/> and https://y.example/\n\n' +
				'1. one\n2. two\n  - deep\n\n> he said\n>\n> so\n\nbye'
		);
	});

	it('[Q25] keeps the lines of preformatted text and leaves hidden content out', () => {
		expect(textOfLetter('<pre>a\n  b</pre><style>p{}</style><script>x</script>c')).toBe('a\n  b\n\nc');
	});

	it('[Q45] looks at no piece of a line twice, however many there are', () => {
		const times = 20_000;
		expect(textOfLetter('x<b>y</b>'.repeat(times))).toBe('xy'.repeat(times));
		expect(textOfLetter('&lt;'.repeat(5 * times))).toBe('<'.repeat(5 * times));
		expect(textOfLetter(`<pre>${' <b> </b>'.repeat(times)}</pre>${'<p></p>'.repeat(times)}`)).toBe('');
		expect(textOfLetter('<a href="https://x.y/">z</a>'.repeat(times))).toBe('z <https://x.y/>'.repeat(times));
	});

	it('[Q25] makes text of anything', () => {
		fc.assert(
			fc.property(
				fc.string({ unit: fc.constantFrom('<', '>', '/', 'p', 'li', 'a ', '"', 'x', '&') }),
				(html) => {
					expect(typeof textOfLetter(html)).toBe('string');
					expect(dangersIn(cleanLetterHtml(html))).toEqual([]);
				}
			)
		);
	});
});
