import { describe, expect, it } from 'vitest';
import { placeBeside } from './placement.ts';

const screen = { width: 400, height: 300 };
const menu = { width: 100, height: 120 };

describe('where floating boxes go', () => {
	it('opens below its anchor where there is room', () => {
		const anchor = { left: 50, top: 20, width: 30, height: 20 };
		expect(placeBeside(anchor, menu, screen, 'below-start')).toEqual({ left: 50, top: 44 });
		expect(placeBeside({ ...anchor, left: 200 }, menu, screen, 'below-end')).toEqual({ left: 130, top: 44 });
		expect(placeBeside({ ...anchor, left: 200 }, menu, screen, 'below-middle')).toEqual({
			left: 165,
			top: 44
		});
	});

	it('opens above where below would leave the screen', () => {
		expect(placeBeside({ left: 50, top: 250, width: 30, height: 20 }, menu, screen, 'below-start').top).toBe(
			126
		);
	});

	it('stays on the screen at every edge', () => {
		expect(placeBeside({ left: 390, top: 0, width: 10, height: 10 }, menu, screen, 'below-start').left).toBe(
			292
		);
		expect(placeBeside({ left: -50, top: 0, width: 10, height: 10 }, menu, screen, 'below-end').left).toBe(8);
		const tall = { width: 100, height: 900 };
		expect(placeBeside({ left: 0, top: 200, width: 10, height: 10 }, tall, screen, 'below-start').top).toBe(
			8
		);
	});

	it('opens to the side, on the other side at the edge', () => {
		expect(placeBeside({ left: 50, top: 20, width: 30, height: 20 }, menu, screen, 'beside')).toEqual({
			left: 84,
			top: 20
		});
		expect(placeBeside({ left: 300, top: 20, width: 30, height: 20 }, menu, screen, 'beside').left).toBe(196);
	});
});
