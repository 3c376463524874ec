import { describe, expect, it } from 'vitest';
import { importsOf } from './vite-built-chunks.ts';
import { facadeOf, pageWith, precacheOf } from './vite-start.ts';

const member = '_app/immutable/chunks/one.js';
const script = '_app/immutable/entry/start.abc.js';

describe('the start script', () => {
	it('finds what a chunk imports by name, also what it only passes on', () => {
		const code =
			'import{a as b,default as c}from"./one.js";import d from"./two.js";import*as e from"./three.js";' +
			'export{f as g}from"./four.js";export*from"./five.js";import("./six.js");import"./seven.js";b(c,d,e)';
		expect(importsOf(code)).toEqual([
			{ source: './one.js', names: ['a', 'default'] },
			{ source: './two.js', names: ['default'] },
			{ source: './three.js', names: ['*'] },
			{ source: './four.js', names: ['f'] },
			{ source: './five.js', names: ['*'] },
			{ source: './seven.js', names: [] }
		]);
	});

	it('gives later chunks what it holds', async () => {
		Object.assign(globalThis, { hongyanStart: { chunks: { [member]: { a: 1, default: 2, unasked: 3 } } } });
		const address = `data:text/javascript,${encodeURIComponent(facadeOf(member, new Set(['default', 'a'])))}`;
		expect({ ...((await import(address)) as object) }).toEqual({ a: 1, default: 2 });
	});

	it('begins the page instead of modules, and says so where the page is not as expected', () => {
		const html = [
			'<head><script src="/first-paint.js"></script>',
			`<link href="/${member}" rel="modulepreload">`,
			'<link href="/_app/immutable/chunks/other.js" rel="modulepreload">',
			'<link href="/start.css" rel="stylesheet"><link href="/later.css" rel="stylesheet"></head>',
			'<body><script>{ __sveltekit_1 = { base: "", version: "7" };',
			'import("/_app/immutable/entry/start.x.js").then(async (kit) => {',
			'kit.init(__sveltekit_1);',
			'const app = await import("/_app/immutable/entry/app.y.js");',
			'kit.start(app, element);',
			'}); }</script></body>'
		].join('\n');
		const parts = {
			script,
			members: new Set([member]),
			styles: new Set(['start.css']),
			head: '<meta>',
			firstPaint: 'paint("$&")'
		};
		const page = pageWith(html, parts);
		expect(page).toContain('<script>paint("$&")</script>');
		expect(page).toContain(`script: '/${script}'`);
		expect(page).toContain('hongyanStart.run(__sveltekit_1, element)');
		expect(page).not.toContain('import(');
		expect(page).not.toContain(member);
		expect(page).toContain('other.js');
		expect(page).toContain('start.css');
		expect(page).not.toContain('later.css');
		expect(() => pageWith('<body></body>', parts)).toThrow('another way');
	});

	it('is kept by the service worker instead of what went into it', () => {
		const gone = '_app/immutable/entry/app.y.js';
		const list = `[{path:\`${member}\`},{path:\`${gone}\`},{path:\`_app/immutable/chunks/other.js\`}]`;
		const needed = new Map([[member, new Set(['a'])]]);
		expect(precacheOf(list, script, new Set([member, gone]), needed)).toBe(
			`[{path:\`${member}\`},{path:\`${script}\`},{path:\`_app/immutable/chunks/other.js\`}]`
		);
		expect(() => precacheOf('[]', script, new Set([gone]), needed)).toThrow('does not keep');
	});
});
