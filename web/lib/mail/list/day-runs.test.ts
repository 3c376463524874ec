import { describe, expect, it } from 'vitest';
import { dayRuns } from './day-runs.ts';

const now = new Date(2026, 8, 16, 11, 0).getTime(); // Wednesday
const hour = 3_600_000;

describe('runs of days in a list', () => {
	it('begins a run wherever the day group changes', () => {
		const times = [now, now - hour, now - 26 * hour, now - 30 * hour, now - 50 * hour, now - 400 * hour];
		const runs = dayRuns(times.length, (index) => times[index] ?? 0, now);
		expect(runs.map(({ key, first }) => [key.kind, first])).toEqual([
			['today', 0],
			['yesterday', 2],
			['week', 4],
			['month', 5]
		]);
	});

	it('has none for an empty list', () => {
		expect(dayRuns(0, () => 0, now)).toEqual([]);
	});

	it('reads far fewer rows than there are', () => {
		let reads = 0;
		const runs = dayRuns(
			100_000,
			(index) => {
				reads += 1;
				return now - index * hour;
			},
			now
		);
		expect(runs.length).toBeGreaterThan(100);
		expect(reads).toBeLessThan(5_000);
		for (let index = 1; index < runs.length; index += 1) {
			expect(runs[index]?.first).toBeGreaterThan(runs[index - 1]?.first ?? -1);
		}
	});
});
