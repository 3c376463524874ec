import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowSlots } from './row-slots.ts';

describe('elements of rows', () => {
	it('stay with their row, and are taken over from rows that went', () => {
		const slots = new RowSlots();
		expect(slots.assign([7, 8, 9])).toEqual([
			{ arrival: 7, slot: 0 },
			{ arrival: 8, slot: 1 },
			{ arrival: 9, slot: 2 }
		]);
		expect(slots.assign([8, 9, 10])).toEqual([
			{ arrival: 8, slot: 1 },
			{ arrival: 9, slot: 2 },
			{ arrival: 10, slot: 0 }
		]);
		expect(slots.assign([1, 2, 3]).map(({ slot }) => slot)).toEqual([1, 2, 0]);
	});

	it('show one row each, whatever comes and goes', () => {
		const screens = fc.array(fc.uniqueArray(fc.nat({ max: 20 }), { maxLength: 12 }), { maxLength: 12 });
		fc.assert(
			fc.property(screens, (shown) => {
				const slots = new RowSlots();
				let before = new Map<number, number>();
				for (const arrivals of shown) {
					const rows = slots.assign(arrivals);
					expect(rows.map(({ arrival }) => arrival)).toEqual(arrivals);
					expect(new Set(rows.map(({ slot }) => slot)).size).toBe(arrivals.length);
					for (const { arrival, slot } of rows) {
						const earlier = before.get(arrival);
						if (earlier !== undefined) expect(slot).toBe(earlier);
					}
					before = new Map(rows.map(({ arrival, slot }) => [arrival, slot]));
				}
			})
		);
	});
});
