import { describe, expect, it } from 'vitest';
import { foldedRuns } from './thread-runs.ts';

describe('[2.4-b] messages of a thread', () => {
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
