import { describe, expect, it } from 'vitest';
import { isLetterLink } from './links.ts';

describe('a letter', () => {
	it.each([
		'https://x.example/',
		'HTTP://x.example',
		'mailto:lan@x.example',
		'tel:+49301234',
		' https://x.example/\n'
	])('may link to %s', (address) => {
		expect(isLetterLink(address)).toBe(true);
	});

	it.each([
		'javascript:alert(1)',
		'data:text/html,x',
		'https:x',
		'ftp://x.example',
		'//x.example',
		'#part',
		''
	])('may not link to %s', (address) => {
		expect(isLetterLink(address)).toBe(false);
	});
});
