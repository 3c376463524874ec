import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { scriptSourcesOf } from './content-security.ts';

const [first, second] = ['A', 'B'].map((letter) => `'sha256-${letter.repeat(43)}='`);

let build: string;
let builds = 0;

beforeEach(() => {
	build = mkdtempSync(path.join(tmpdir(), 'hongyan-build-'));
});

afterEach(() => {
	rmSync(build, { recursive: true });
});

/** Writes what a build leaves of its inline script, each time some seconds later. */
function leave(text: string): void {
	const file = path.join(build, 'csp.json');
	writeFileSync(file, text);
	builds += 1;
	utimesSync(file, builds, builds);
}

const good = JSON.stringify({ scriptSources: [first] });
const spoiled = [
	{ what: 'empty', text: '' },
	{ what: 'cut off', text: good.slice(0, 12) },
	{ what: 'no JSON', text: '<!doctype html>' },
	{ what: 'of another shape', text: '{"scriptSources":"none"}' },
	{ what: 'naming what is no hash', text: `{"scriptSources":["'unsafe-inline'"]}` }
];

function nothingIsSpoiled(error: Error): void {
	throw error;
}

it('the inline script is that of the build that is there now, also where it came while the server ran', () => {
	const sources = scriptSourcesOf(build, nothingIsSpoiled);
	expect(sources()).toEqual([]);
	leave(good);
	expect(sources()).toEqual([first]);
	rmSync(path.join(build, 'csp.json'));
	expect(sources()).toEqual([first]);
	leave(JSON.stringify({ scriptSources: [second] }));
	expect(sources()).toEqual([second]);
});

it.each(spoiled)('a start with a csp.json that is $what is refused, and told what to do', ({ text }) => {
	leave(text);
	expect(() => scriptSourcesOf(build, nothingIsSpoiled)).toThrow(
		`${path.join(build, 'csp.json')} is not what a build writes: run \`npm run build\` again`
	);
});

it.each(spoiled)(
	'a csp.json that becomes $what changes nothing until the next one, and is told once',
	({ text }) => {
		leave(good);
		const told: string[] = [];
		const sources = scriptSourcesOf(build, ({ message }) => told.push(message));
		for (let written = 0; written < 2; written += 1) {
			leave(text);
			for (let page = 0; page < 3; page += 1) expect(sources()).toEqual([first]);
		}
		expect(told).toEqual([expect.stringContaining('csp.json')]);
		leave(JSON.stringify({ scriptSources: [second] }));
		expect(sources()).toEqual([second]);
		leave(text);
		expect(sources()).toEqual([second]);
		expect(told).toHaveLength(2);
	}
);
