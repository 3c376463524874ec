import { describe, expect, it } from 'vitest';
import { rowAfterLeaving } from './row-focus.ts';

describe('where the focus goes when its row leaves the list', () => {
	it('goes to the next row that stayed', () => {
		expect(rowAfterLeaving([9, 8, 7, 6], [9, 7, 6, 5], 8)).toBe(7);
		expect(rowAfterLeaving([9, 8, 7, 6], [9, 6, 5, 4], 8)).toBe(6);
	});

	it('goes to the nearest row before where none after it stayed', () => {
		expect(rowAfterLeaving([9, 8, 7, 6], [9, 8], 6)).toBe(8);
		expect(rowAfterLeaving([9, 8, 7, 6], [9], 7)).toBe(9);
	});

	it('goes to no row of another list', () => {
		expect(rowAfterLeaving([9, 8], [3, 2], 8)).toBeNull();
		expect(rowAfterLeaving([], [9, 8], 7)).toBeNull();
		expect(rowAfterLeaving([9], [], 9)).toBeNull();
	});
});
