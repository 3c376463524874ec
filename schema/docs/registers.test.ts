import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DeviceId } from '../ids.ts';
import { tick, type LogicalClock } from './logical-clock.ts';
import { compareStamps, mergeRegisters, type Register, type Stamp } from './registers.ts';

/** Few of each, so that equal stamps with different values are common. */
const stamps: fc.Arbitrary<Stamp> = fc.record({
	time: fc.integer({ min: 0, max: 3 }),
	counter: fc.integer({ min: 0, max: 2 }),
	device: fc.constantFrom('a' as DeviceId, 'b' as DeviceId)
});
const values = fc.oneof(
	fc.constantFrom(null, true, false, 0, 1, 'inbox', 'trash'),
	fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 })
);
const registers: fc.Arbitrary<Register> = fc.record({ value: values, stamp: stamps });

describe('merging registers', () => {
	it('[R4] does not depend on the order', () => {
		fc.assert(
			fc.property(registers, registers, (left, right) => {
				expect(mergeRegisters(left, right)).toEqual(mergeRegisters(right, left));
			})
		);
	});

	it('[R4] does not depend on the grouping', () => {
		fc.assert(
			fc.property(registers, registers, registers, (one, two, three) => {
				const left = mergeRegisters(mergeRegisters(one, two), three);
				const right = mergeRegisters(one, mergeRegisters(two, three));
				expect(left).toEqual(right);
			})
		);
	});

	it('[R4] changes nothing the second time, and gives one of the two', () => {
		fc.assert(
			fc.property(registers, registers, (left, right) => {
				const merged = mergeRegisters(left, right);
				expect(mergeRegisters(merged, right)).toBe(merged);
				expect(mergeRegisters(merged, left)).toEqual(merged);
				expect([left, right]).toContain(merged);
			})
		);
	});

	it('[R4] lets the later write win, whatever was written', () => {
		fc.assert(
			fc.property(registers, registers, (left, right) => {
				fc.pre(compareStamps(left.stamp, right.stamp) !== 0);
				const later = compareStamps(left.stamp, right.stamp) > 0 ? left : right;
				expect(mergeRegisters(left, right)).toBe(later);
			})
		);
	});

	it('[R4] takes the only one there is', () => {
		fc.assert(
			fc.property(registers, (only) => {
				expect(mergeRegisters(undefined, only)).toBe(only);
			})
		);
	});
});

describe('comparing stamps', () => {
	it('[R4] is a total order', () => {
		fc.assert(
			fc.property(stamps, stamps, stamps, (one, two, three) => {
				expect(compareStamps(one, two) + compareStamps(two, one)).toBe(0);
				if (compareStamps(one, two) <= 0 && compareStamps(two, three) <= 0) {
					expect(compareStamps(one, three)).toBeLessThanOrEqual(0);
				}
			})
		);
	});
});

describe('the clock', () => {
	it('[R9] makes stamps that ascend, however the device’s time jumps', () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 0, max: 10 }), { minLength: 2 }), (readings) => {
				let clock: LogicalClock = { time: 0, counter: 0 };
				let before: Stamp = { ...clock, device: 'own' as DeviceId };
				for (const now of readings) {
					const next = tick(clock, now, 'own' as DeviceId);
					expect(compareStamps(before, next.stamp)).toBe(-1);
					expect(next.stamp.time).toBeGreaterThanOrEqual(Math.max(now, clock.time));
					clock = next.clock;
					before = next.stamp;
				}
			})
		);
	});
});
