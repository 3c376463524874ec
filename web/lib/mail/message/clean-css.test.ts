import { describe, expect, it } from 'vitest';
import { cleanCss } from './clean-css.ts';

describe('[X-privacy-a] CSS of a letter', () => {
	it('stays as it is where it fetches nothing', () => {
		const css = 'color: #333; padding: 4px 8px; font-family: "Helvetica Neue", sans-serif';
		expect(cleanCss(css)).toEqual({ css, remote: false });
	});

	it('keeps pictures that it carries itself', () => {
		const css = 'background: url(data:image/png;base64,AAAA) no-repeat';
		expect(cleanCss(css)).toEqual({ css, remote: false });
	});

	it.each([
		'background-image: url(https://tracker.example/p.png)',
		'background: URL( "//tracker.example/p.png" )',
		'@import url(https://tracker.example/a.css); p { color: red }',
		'@import "https://tracker.example/a.css"; p { color: red }',
		'background: image-set("https://tracker.example/p.png" 1x)',
		'background: u\\72l(https://tracker.example/p.png)',
		'@\\69mport "https://tracker.example/a.css"',
		'background: url(/* */https://tracker.example/p.png)',
		'background: url(https://tracker.example/p.png',
		'@font-face { font-family: x; src: url(https://tracker.example/f.woff2) }',
		'list-style: ur/**/l(https://tracker.example)'
	])('fetches nothing: %s', (css) => {
		expect(cleanCss(css).css).not.toMatch(/tracker\.example\/(?:p|f|a)/);
	});

	it('tells that something remote was named', () => {
		expect(cleanCss('background: url(https://tracker.example/p.png)').remote).toBe(true);
		expect(cleanCss('background: u\\72l(https://tracker.example/p.png)').remote).toBe(true);
		expect(cleanCss('background: url(cid:logo)').remote).toBe(false);
	});

	it('leaves a sheet out that no letter needs', () => {
		expect(cleanCss('a{}'.repeat(200_000)).css).toBe('');
	});
});
