import { describe, expect, it } from 'vitest';
import { nextAttempt, pauseAfter, triedFor } from './retry.ts';

const minute = 60_000;
const hour = 60 * minute;

describe('the schedule of retries', () => {
	it('[Q14] pauses 1, 5, 15, 30 minutes, 1 and 2 hours, then 4 hours each', () => {
		const pauses = Array.from({ length: 9 }, (_, index) => pauseAfter(index + 1));
		expect(pauses).toEqual([
			minute,
			5 * minute,
			15 * minute,
			30 * minute,
			hour,
			2 * hour,
			4 * hour,
			4 * hour,
			4 * hour
		]);
	});

	it('[Q14] makes its last attempt at five days and none after it', () => {
		const attempts: number[] = [];
		let now: number | null = 1_000;
		while (now !== null) {
			attempts.push(now);
			now = nextAttempt(attempts.length, 1_000, now);
		}
		expect(attempts.at(-1)).toBe(1_000 + triedFor);
		expect(attempts).toHaveLength(37);
		expect(attempts.every((at, index) => index === 0 || at > (attempts[index - 1] ?? at))).toBe(true);
	});
});
