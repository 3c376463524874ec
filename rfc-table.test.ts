import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const root = import.meta.dirname;
const read = (file: string) => readFileSync(`${root}/${file}`, 'utf8');

/** Numbers of the RFCs that a text names: `RFC 5322`, `RFC 5546 and 6047`, `RFC 6265bis`. */
function rfcsIn(text: string): number[] {
	const mentions = text.matchAll(/\bRFCs?[ -]?(\d{3,5}(?:(?:, | and |\/)\d{3,5})*)/g);
	return [...mentions].flatMap(([, numbers = '']) => [...numbers.matchAll(/\d+/g)].map(Number));
}

const sources = globSync('{schema,web,sync-server,e2e,docs}/**/*.{ts,svelte,mjs,md}', {
	cwd: root,
	exclude: (name) => /(?:^|\/)(?:node_modules|\.svelte-kit)$/.test(name)
}).filter((file) => file !== 'schema/RFC.md');

const rows = read('schema/RFC.md')
	.split('\n')
	.map((line) => line.split('|').map((cell) => cell.trim()))
	.filter(([, number = '']) => /^\d/.test(number))
	.map(([, number = '', , state = '', notes = '']) => ({ number: Number(number), state, notes }));

describe('schema/RFC.md', () => {
	it('has a row for every RFC that a source names', () => {
		const named = new Set(sources.flatMap((file) => rfcsIn(read(file))));
		expect(named.size).toBeGreaterThan(30);
		const known = new Set(rows.map(({ number }) => number));
		expect([...named].filter((number) => !known.has(number))).toEqual([]);
	});

	it('has one row for each, by number, with how far it is followed', () => {
		const numbers = rows.map(({ number }) => number);
		expect(numbers).toEqual([...new Set(numbers)].sort((left, right) => left - right));
		for (const { number, state, notes } of rows) {
			expect(['yes', 'partial', 'no'], `RFC ${number}`).toContain(state);
			if (state === 'partial') expect(notes, `RFC ${number}: what is missing`).not.toBe('');
		}
	});
});
