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

it('the inline script is that of the build that is there now, also where it came while the server ran', () => {
	const sources = scriptSourcesOf(build);
	expect(sources()).toEqual([]);
	leave(JSON.stringify({ scriptSources: [first] }));
	expect(sources()).toEqual([first]);
	leave('{"scriptSou');
	expect(sources()).toEqual([first]);
	leave(JSON.stringify({ scriptSources: [second] }));
	expect(sources()).toEqual([second]);
});
