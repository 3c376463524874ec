import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = import.meta.dirname;
const read = (file: string) => readFileSync(`${root}/${file}`, 'utf8');
const filesOf = (pattern: string) =>
	globSync(pattern, {
		cwd: root,
		exclude: (name) => /(?:^|\/)(?:node_modules|\.svelte-kit)$/.test(name)
	});

const numbersIn = (files: readonly string[], pattern: RegExp) =>
	files.flatMap((file) => [...read(file).matchAll(pattern)].map(([, number = '']) => number));

const rules = numbersIn(filesOf('{schema,web,sync-server}/**/SPEC.md'), /^- \*\*\[([A-Z]\d+)\]\*\*/gm);
const titled = new Set(
	numbersIn(filesOf('{schema,web,sync-server,e2e}/**/*.{test,contract}.ts'), /\[([A-Z]\d+)\]/g).concat(
		numbersIn(filesOf('{schema,web,sync-server}/**/describe-*.ts'), /\[([A-Z]\d+)\]/g)
	)
);

describe('the rules of the SPEC.md files', () => {
	it('have a number each', () => {
		expect(rules.length).toBeGreaterThan(200);
		expect(rules.filter((number, place) => rules.indexOf(number) !== place)).toEqual([]);
	});

	it('have a test each', () => {
		expect(rules.filter((number) => !titled.has(number))).toEqual([]);
	});

	it('are all that titles of tests name', () => {
		expect([...titled].filter((number) => !rules.includes(number))).toEqual([]);
	});
});
