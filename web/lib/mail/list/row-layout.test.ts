import { describe, expect, it } from 'vitest';
import { RowLayout } from './row-layout.ts';

const heights = { row: 10, heading: 4 };

describe('the layout of a list', () => {
	const layout = new RowLayout(
		100,
		[
			{ key: 'today', first: 0 },
			{ key: 'yesterday', first: 3 }
		],
		heights
	);

	it('places rows below their headings', () => {
		expect(layout.topOfHeading(0)).toBe(0);
		expect(layout.topOf(0)).toBe(4);
		expect(layout.topOf(2)).toBe(24);
		expect(layout.topOfHeading(1)).toBe(34);
		expect(layout.topOf(3)).toBe(38);
		expect(layout.height).toBe(1008);
	});

	it('finds the row at a height', () => {
		for (const index of [0, 1, 2, 3, 4, 50, 99]) {
			expect(layout.indexAt(layout.topOf(index))).toBe(index);
			expect(layout.indexAt(layout.topOf(index) + 9)).toBe(index);
		}
		expect(layout.indexAt(-5)).toBe(0);
		expect(layout.indexAt(99_999)).toBe(99);
	});

	it('shows what a window covers, headings among it', () => {
		expect(layout.stretch(0, 30, 0)).toEqual({ first: 0, last: 3, firstHeading: 0, lastHeading: 1 });
		expect(layout.stretch(30, 20, 0)).toEqual({ first: 2, last: 5, firstHeading: 0, lastHeading: 2 });
		expect(layout.stretch(500, 20, 2)).toMatchObject({ first: 47, firstHeading: 1, lastHeading: 2 });
	});

	it('never reaches outside the list', () => {
		expect(layout.stretch(99_999, 50, 5).last).toBe(100);
		expect(new RowLayout(0, [], heights).stretch(0, 500, 5)).toEqual({
			first: 0,
			last: 0,
			firstHeading: 0,
			lastHeading: 0
		});
	});

	it('jumps into the middle of a hundred thousand rows without visiting them', () => {
		const long = new RowLayout(100_000, [{ key: 'all', first: 0 }], { row: 76, heading: 30 });
		const { first, last } = long.stretch(long.topOf(50_000), 700, 3);
		expect(first).toBe(49_997);
		expect(last - first).toBeLessThan(20);
	});
});
