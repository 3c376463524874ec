import { describe, expect, it } from 'vitest';
import { foldedRuns, openAtFirst } from './thread-runs.ts';

describe('[2.4-b] messages of a thread', () => {
	it('are open at first where they were asked for or not read, whether they came before or after', () => {
		const unread = new Set([1, 4]);
		expect(openAtFirst([1, 2, 3, 4], 3, (arrival) => unread.has(arrival))).toEqual(new Set([1, 3, 4]));
	});

	it('are not decided upon before the thread is known', () => {
		expect(openAtFirst([], 3, () => true)).toBeNull();
	});

	it('gather into runs of folded and of open ones, none lost', () => {
		const open = new Set([4, 5]);
		const runs = foldedRuns([1, 2, 3, 4, 5, 6], (arrival) => open.has(arrival));
		expect(runs).toEqual([
			{ kind: 'folded', arrivals: [1, 2, 3] },
			{ kind: 'open', arrivals: [4, 5] },
			{ kind: 'folded', arrivals: [6] }
		]);
		expect(foldedRuns([], () => true)).toEqual([]);
	});
});
