import { describe, expect, it } from 'vitest';
import { choosesColours } from './letter-colours.ts';

describe('[4.4.3-a] colours of a letter', () => {
	it.each([
		'color: black',
		'BACKGROUND: white',
		'border: 1px solid #ccc',
		'border-top: 1px solid rgb(0, 0, 0)',
		'border: 1px solid black',
		'mix-blend-mode: difference',
		String.raw`c\6flor: red`,
		'p { font-size: 12px } td { background-color: navy }'
	])('are its own with %s', (css) => {
		expect(choosesColours(css)).toBe(true);
	});

	it.each([
		'',
		'white-space: nowrap',
		'font-family: Calibri; font-size: 11pt',
		'margin: 0; border: none; text-align: center'
	])('are those of the page around it with %j', (css) => {
		expect(choosesColours(css)).toBe(false);
	});
});
