import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	countOfRanges,
	eachInRanges,
	eachRunBetween,
	isInRanges,
	isRanges,
	rangesOf,
	unionOfRanges,
	withoutBetween,
	type Ranges
} from './ranges.ts';

const numbers = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 30 });
const bound = fc.integer({ min: 0, max: 42 });

function listed(ranges: Ranges): number[] {
	const found: number[] = [];
	eachInRanges(ranges, (number) => found.push(number));
	return found;
}

function sorted(set: ReadonlySet<number>): number[] {
	return [...set].sort((left, right) => left - right);
}

describe('ranges', () => {
	it('[R10] hold each number once, ascending, and are well formed', () => {
		fc.assert(
			fc.property(numbers, (some) => {
				const ranges = rangesOf(some);
				expect(listed(ranges)).toEqual(sorted(new Set(some)));
				expect(isRanges(ranges)).toBe(true);
				expect(countOfRanges(ranges)).toBe(new Set(some).size);
			})
		);
	});

	it('[R10] know what they hold', () => {
		fc.assert(
			fc.property(numbers, bound, (some, number) => {
				expect(isInRanges(rangesOf(some), number)).toBe(some.includes(number));
			})
		);
	});

	it('[R10] list what lies between two numbers', () => {
		fc.assert(
			fc.property(numbers, bound, bound, (some, from, to) => {
				const found: number[] = [];
				eachRunBetween(rangesOf(some), from, to, (start, end) => {
					for (let number = start; number < end; number += 1) found.push(number);
				});
				expect(found).toEqual(sorted(new Set(some.filter((number) => number >= from && number < to))));
			})
		);
	});

	it('[R23] lose what lies between two numbers', () => {
		fc.assert(
			fc.property(numbers, bound, bound, (some, from, to) => {
				const left = withoutBetween(rangesOf(some), from, Math.max(from, to));
				expect(listed(left)).toEqual(sorted(new Set(some.filter((number) => number < from || number >= to))));
				expect(isRanges(left)).toBe(true);
			})
		);
	});

	it('[R10] join to what either holds', () => {
		fc.assert(
			fc.property(numbers, numbers, (one, other) => {
				const union = unionOfRanges(rangesOf(one), rangesOf(other));
				expect(union).toEqual(rangesOf([...one, ...other]));
				expect(isRanges(union)).toBe(true);
			})
		);
	});

	it('[R10] that are not well formed are told from those that are', () => {
		const wrong = [[1], [1, 0], [-1, 1], [0.5, 1], [1, 1.5], [5, 1, 2, 1], [1, 2, 2, 1], [1, 1, 2, 1]];
		for (const ranges of wrong) expect(isRanges(ranges), ranges.join()).toBe(false);
		expect(isRanges([])).toBe(true);
		expect(isRanges([0, 1, 2, 3])).toBe(true);
	});
});
