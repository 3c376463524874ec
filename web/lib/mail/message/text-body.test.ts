import { describe, expect, it } from 'vitest';
import { blocksOf, linksOf } from './text-body.ts';

const kinds = (body: string) => blocksOf(body).map(({ kind }) => kind);

describe('plain-text bodies', () => {
	it('keeps what was written apart from what was quoted', () => {
		const body = '收到。\n\n在 2026-09-09，周岚写道：\n> 请各位先看\n> > 旧的\n\n另外一件事';
		expect(kinds(body)).toEqual(['written', 'quoted', 'written']);
		expect(blocksOf(body).at(1)?.text.startsWith('在 2026-09-09')).toBe(true);
	});

	it('finds the signature, but not when a quote follows it', () => {
		expect(kinds('Hello\n-- \nMia Hoffmann')).toEqual(['written', 'signature']);
		expect(kinds('-- \nMia\n\n> quoted below')).toEqual(['written', 'quoted']);
	});

	it('does not take a sentence that ends in "wrote:" for an introduction', () => {
		expect(kinds('This is what she wrote:\n\nnothing')).toEqual(['written']);
	});

	it('loses nothing', () => {
		const body = 'one\n> two\nthree\n-- \nfour';
		expect(
			blocksOf(body)
				.map(({ text }) => text)
				.join('\n')
		).toBe(body);
	});

	it('finds links and leaves the punctuation around them', () => {
		expect(
			linksOf('see https://example.com/a_(b)?q=1, or (www.example.org). Mail 周岚 <lan@example.cn>。')
		).toEqual([
			{ kind: 'text', text: 'see ' },
			{ kind: 'link', text: 'https://example.com/a_(b)?q=1', href: 'https://example.com/a_(b)?q=1' },
			{ kind: 'text', text: ', or (' },
			{ kind: 'link', text: 'www.example.org', href: 'https://www.example.org' },
			{ kind: 'text', text: '). Mail 周岚 <' },
			{ kind: 'link', text: 'lan@example.cn', href: 'mailto:lan@example.cn' },
			{ kind: 'text', text: '>。' }
		]);
	});

	it('makes no link of a scheme that could run', () => {
		expect(linksOf('javascript:alert(1) data:text/html,x').every(({ kind }) => kind === 'text')).toBe(true);
	});

	it('reads a hostile body in one pass', () => {
		const size = 200_000;
		for (const body of [
			'a'.repeat(size),
			' '.repeat(size) + 'x',
			`http://${'.'.repeat(size)}`,
			'@a'.repeat(size)
		]) {
			expect(
				linksOf(body)
					.map(({ text }) => text)
					.join('')
			).toBe(body);
			expect(blocksOf(body).length).toBeGreaterThan(0);
		}
	});
});
