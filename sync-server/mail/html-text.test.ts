import { describe, expect, it } from 'vitest';
import { decodeEntities } from './html-entities.ts';
import { contentIdsIn, textOfHtml } from './html-text.ts';

describe('the text of HTML', () => {
	it.each([
		['blocks end lines', '<p>one</p><p>two<br>three</p>', 'one\ntwo\nthree'],
		['inline tags join', 'a<b>b</b>c <i>d</i>', 'abc d'],
		['white space folds', ' a\n\t b  <span> c</span>', 'a b c'],
		['entities are characters', '&lt;a&gt; &amp;amp; &nbsp;&#20320;&#x597D;&eacute;', '<a> &amp; 你好é'],
		[
			'style, script and head are no text',
			'<head><title>t</title></head><style>p{}</style>a<script>b<c</script>d',
			'a\nd'
		],
		['the end of a script ends it', '<script>"</script>x', 'x'],
		['an unclosed script hides the rest', 'a<script>b', 'a'],
		['comments are no text', 'a<!-- <b> -->b<!doctype html>c<![if x]>d', 'abcd'],
		['an unclosed comment hides the rest', 'a<!-- b', 'a'],
		['attributes may hold anything', '<a title="x>y" href=\'<b>\'>z</a>', 'z'],
		['an unclosed attribute ends with its tag', '<a href="x>y</a>z', 'yz'],
		['a lone bracket is a character', '1 < 2 <3', '1 < 2 <3'],
		['capitals', '<STYLE>x</style><P>a</P>', 'a'],
		['letters that lower case makes longer', 'İ<script>x</SCRIPT>y', 'i̇\ny']
	])('[M17] %s', (_, html, text) => {
		expect(textOfHtml(html, 1000)).toBe(text);
	});

	it('[M2] is as long as is wanted, and found in linear time', () => {
		expect(textOfHtml('<p>word</p>'.repeat(10_000), 50).length).toBeLessThan(60);
		for (const piece of ['<', '<a "', "<a='", '<!--', '<script>', '<b> </b>', '&#x', '</', '<svg>']) {
			expect(textOfHtml(piece.repeat(500_000), 10_000_000)).toBeTypeOf('string');
		}
	});
});

describe('entities', () => {
	it('[M17] follow the standard where they are odd', () => {
		expect(decodeEntities('&#128;&#0;&#xD800;&#x110000;&#99999999;')).toBe('€\ufffd\ufffd\ufffd\ufffd');
		expect(decodeEntities('&mystery; &amp &; &toString;')).toBe('&mystery; & &; &toString;');
	});
});

describe('the pictures that HTML shows', () => {
	it('[M16] are named by cid:, percent-encoded or not', () => {
		expect([...contentIdsIn('<img src="cid:a%40b"><img src=CID:c@d> <p style="url(cid:e)">%')]).toEqual([
			...['a%40b', 'a@b', 'c@d', 'e']
		]);
		expect([...contentIdsIn('cid:%E4%')]).toEqual(['%E4%']);
	});
});
