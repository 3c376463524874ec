/**
 * A set of arrival numbers as ascending, disjoint, non-touching runs: [start, length, start, length, …].
 * One action over a whole mailbox is one such set, however many messages it holds.
 */
export type Ranges = readonly number[];

/** Builds ranges from numbers in any order; repeats count once. */
export function rangesOf(numbers: Iterable<number>): Ranges {
	const sorted = [...numbers].sort((left, right) => left - right);
	const ranges: number[] = [];
	for (const number of sorted) {
		const last = ranges.length - 2;
		const end = last >= 0 ? (ranges[last] ?? 0) + (ranges[last + 1] ?? 0) : -1;
		if (number < end) continue;
		if (number === end) ranges[last + 1] = (ranges[last + 1] ?? 0) + 1;
		else ranges.push(number, 1);
	}
	return ranges;
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
