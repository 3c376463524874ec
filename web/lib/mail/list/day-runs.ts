import { dayGroup, groupStart, type DayGroup } from '#lib/i18n/dates.ts';
import type { Heading } from './row-layout.ts';

/**
 * The runs of days in a list that is ordered newest first. Each run is found by halving, so that a list of
 * a hundred thousand rows costs some hundred reads, not one per row.
 *
 * @param receivedAt when the row with this index came, milliseconds UTC; must not ascend
 */
export function dayRuns(
	count: number,
	receivedAt: (index: number) => number,
	now: number
): Heading<DayGroup>[] {
	const runs: Heading<DayGroup>[] = [];
	let first = 0;
	while (first < count) {
		const at = receivedAt(first);
		runs.push({ key: dayGroup(at, now), first });
		const start = groupStart(at, now);
		let low = first + 1;
		let high = count;
		while (low < high) {
			const middle = (low + high) >> 1;
			if (receivedAt(middle) >= start) low = middle + 1;
			else high = middle;
		}
		first = low;
	}
	return runs;
}
