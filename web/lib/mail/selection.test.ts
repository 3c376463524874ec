import { describe, expect, it } from 'vitest';
import { Selection } from './selection.svelte.ts';

const order = Uint32Array.of(9, 8, 7, 6, 5);
const chosen = (selection: Selection) => [...selection.arrivals].sort();

describe('[2.1.1-b] selection', () => {
	it('toggles one message', () => {
		const selection = new Selection();
		selection.toggle(8);
		selection.toggle(6);
		selection.toggle(8);
		expect(chosen(selection)).toEqual([6]);
	});

	it('extends from the last toggled row, in either direction', () => {
		const selection = new Selection();
		selection.toggle(6);
		selection.extendTo(8, order);
		expect(chosen(selection)).toEqual([6, 7, 8]);
		selection.toggle(9);
		selection.extendTo(8, order);
		expect(chosen(selection)).toEqual([6, 7, 8, 9]);
	});

	it('begins with the one row where there is nothing to extend', () => {
		const selection = new Selection();
		selection.extendTo(7, order);
		expect(chosen(selection)).toEqual([7]);
	});

	it('drops what left the list', () => {
		const selection = new Selection();
		selection.set(order);
		selection.keepOnly((arrival) => arrival !== 7);
		expect(chosen(selection)).toEqual([5, 6, 8, 9]);
		selection.clear();
		expect(selection.size).toBe(0);
	});
});
