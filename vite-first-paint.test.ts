import { Script } from 'node:vm';
import { brotliCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { firstPaintScript } from './vite-first-paint.ts';

describe('the script of the first paint', () => {
	it('is a classic one, which needs nothing besides', async () => {
		for (const minify of [true, false]) {
			const text = await firstPaintScript({ minify });
			expect(() => new Script(text)).not.toThrow();
			expect(text).not.toContain('import(');
			expect(text).not.toContain('</script');
		}
	});

	it('speaks both languages', async () => {
		const text = await firstPaintScript({ minify: true });
		expect(text).toContain('The app could not be loaded.');
		expect(text).toContain('无法载入应用。');
	});

	it('stays small: every start reads it before anything is painted', async () => {
		expect(brotliCompressSync(await firstPaintScript({ minify: true })).length).toBeLessThan(1_700);
	});
});
