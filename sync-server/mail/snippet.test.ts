import { describe, expect, it } from 'vitest';
import { snippetOf } from './snippet.ts';

describe('a snippet', () => {
	it.each([
		['is the first words, folded', 'Hello\n\n  Ann,\r\nhow  are\tyou?', null, 'Hello Ann, how are you?'],
		['leaves quotes out', '> old\n>> older\nYes!\n> old', null, 'Yes!'],
		['leaves out what introduces a quote', 'Yes!\n\nOn Monday, Ann wrote:\n> old\nmore', null, 'Yes! more'],
		[
			'leaves out what introduces a quote in Chinese',
			'好的\n在 2024年5月1日，张伟 写道：\n> 旧',
			null,
			'好的'
		],
		['ends at the signature', 'Yes!\n-- \nBob', null, 'Yes!'],
		['leaves ornament out', '=====\n* * *\nNews\n-----', null, 'News'],
		['leaves out what cannot be seen', 'a\u200bb\u00ad\ufeff\u034f c', null, 'ab c'],
		['prefers the text', 'text', '<p>html</p>', 'text'],
		['comes from HTML where there is no text', null, '<style>x</style><p>Hi <b>Ann</b></p>', 'Hi Ann'],
		['comes from HTML where the text is only quotes', '> old', '<p>new</p>', 'new'],
		['may be empty', null, null, ''],
		['is empty where all is quoted', '> old\n> older', null, '']
	])('[M17] %s', (_, text, html, expected) => {
		expect(snippetOf(text, html)).toBe(expected);
	});

	it('[M2] has 200 characters at most, none of them halved', () => {
		expect(snippetOf('你'.repeat(10_000), null)).toBe('你'.repeat(200));
		expect(snippetOf(`a${'😀'.repeat(500)}`, null)).toBe(`a${'😀'.repeat(99)}`);
	});
});
