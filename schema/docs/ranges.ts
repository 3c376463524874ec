/**
 * A set of arrival numbers as ascending, disjoint, non-touching runs: [start, length, start, length, …].
 * One action over a whole mailbox is one such set, however many messages it holds.
 */
export type Ranges = readonly number[];

/** Sorts in place; what is sorted already, or the other way round as lists are, costs one look. */
function ascending(numbers: Float64Array): Float64Array {
	let isAscending = true;
	let isDescending = true;
	for (let index = 1; index < numbers.length; index += 1) {
		const [before = 0, number = 0] = [numbers[index - 1], numbers[index]];
		if (number < before) isAscending = false;
		if (number > before) isDescending = false;
	}
	if (isAscending) return numbers;
	return isDescending ? numbers.reverse() : numbers.sort();
}

/** Builds ranges from numbers in any order; repeats count once. */
export function rangesOf(numbers: Iterable<number>): Ranges {
	const ranges: number[] = [];
	for (const number of ascending(Float64Array.from(numbers))) appendToRanges(ranges, number);
	return ranges;
}

/** Adds a number to ranges that are being made in ascending order; one they end with counts once. */
export function appendToRanges(ranges: number[], number: number): void {
	const last = ranges.length - 2;
	const end = last >= 0 ? (ranges[last] ?? 0) + (ranges[last + 1] ?? 0) : -1;
	if (number < end) return;
	if (number === end) ranges[last + 1] = (ranges[last + 1] ?? 0) + 1;
	else ranges.push(number, 1);
}

/** Calls back, ascending, with each run: its first number, and the one after its last. */
export function eachRun(ranges: Ranges, visit: (start: number, end: number) => void): void {
	eachRunBetween(ranges, 0, Number.POSITIVE_INFINITY, visit);
}

/** Calls back with each number in ascending order. */
export function eachInRanges(ranges: Ranges, visit: (number: number) => void): void {
	for (let index = 0; index < ranges.length; index += 2) {
		const start = ranges[index] ?? 0;
		const end = start + (ranges[index + 1] ?? 0);
		for (let number = start; number < end; number += 1) visit(number);
	}
}

/** How many numbers the set holds. */
export function countOfRanges(ranges: Ranges): number {
	let count = 0;
	for (let index = 1; index < ranges.length; index += 2) count += ranges[index] ?? 0;
	return count;
}

/** Whether the set is well formed: whole numbers, ascending, disjoint, not touching, none empty. */
export function isRanges(value: readonly number[]): boolean {
	if (value.length % 2 !== 0) return false;
	let end = -1;
	for (let index = 0; index < value.length; index += 2) {
		const start = value[index] ?? -1;
		const length = value[index + 1] ?? 0;
		if (!Number.isSafeInteger(start) || !Number.isSafeInteger(length)) return false;
		if (start <= end || start < 0 || length < 1) return false;
		end = start + length;
	}
	return true;
}

/**
 * Calls back, ascending, with what of each run lies between `from` (inclusive) and `to` (exclusive): its
 * first number, and the one after its last.
 */
export function eachRunBetween(
	ranges: Ranges,
	from: number,
	to: number,
	visit: (start: number, end: number) => void
): void {
	for (let index = firstRunEndingAfter(ranges, from); index < ranges.length; index += 2) {
		const start = ranges[index] ?? 0;
		if (start >= to) return;
		visit(Math.max(from, start), Math.min(to, start + (ranges[index + 1] ?? 0)));
	}
}

/** Whether the set holds the number. */
export function isInRanges(ranges: Ranges, number: number): boolean {
	const run = firstRunEndingAfter(ranges, number);
	return run < ranges.length && (ranges[run] ?? 0) <= number;
}

/** Index of the first run that ends after `number`; the length of `ranges` where none does. */
function firstRunEndingAfter(ranges: Ranges, number: number): number {
	let low = 0;
	let high = ranges.length / 2;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((ranges[2 * middle] ?? 0) + (ranges[2 * middle + 1] ?? 0) > number) high = middle;
		else low = middle + 1;
	}
	return 2 * low;
}

/** The set without the numbers from `from` (inclusive) to `to` (exclusive). */
export function withoutBetween(ranges: Ranges, from: number, to: number): Ranges {
	if (from >= to) return ranges;
	const left: number[] = [];
	for (let index = 0; index < ranges.length; index += 2) {
		const start = ranges[index] ?? 0;
		const end = start + (ranges[index + 1] ?? 0);
		const before = Math.min(end, from);
		const after = Math.max(start, to);
		if (before > start) left.push(start, before - start);
		if (end > after) left.push(after, end - after);
	}
	return left;
}

/** The set of all numbers that either holds. */
export function unionOfRanges(left: Ranges, right: Ranges): Ranges {
	if (left.length === 0) return right;
	if (right.length === 0) return left;
	const runs: { readonly start: number; readonly end: number }[] = [];
	for (const ranges of [left, right]) {
		for (let index = 0; index < ranges.length; index += 2) {
			const start = ranges[index] ?? 0;
			runs.push({ start, end: start + (ranges[index + 1] ?? 0) });
		}
	}
	runs.sort((one, other) => one.start - other.start);
	const union: number[] = [];
	for (const { start, end } of runs) {
		const last = union.length - 2;
		const lastEnd = last >= 0 ? (union[last] ?? 0) + (union[last + 1] ?? 0) : -1;
		if (start > lastEnd) union.push(start, end - start);
		else if (end > lastEnd) union[last + 1] = end - (union[last] ?? 0);
	}
	return union;
}
