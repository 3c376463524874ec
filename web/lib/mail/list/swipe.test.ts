import { describe, expect, it } from 'vitest';
import { restOf, uncovered } from './swipe.svelte.ts';

describe('a row that was pulled aside', () => {
	it('[2.1.1-b] opens once a third was uncovered, and closes by as much', () => {
		expect(restOf(-uncovered / 3 + 1, false)).toBe(0);
		expect(restOf(-uncovered / 3 - 1, false)).toBe(-uncovered);
		expect(restOf((-uncovered * 2) / 3 - 1, true)).toBe(-uncovered);
		expect(restOf((-uncovered * 2) / 3 + 1, true)).toBe(0);
	});
});
