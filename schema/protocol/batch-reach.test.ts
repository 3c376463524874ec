import { describe, expect, it } from 'vitest';
import { partsWithinReach } from './batch-reach.ts';

const marking = (key: number, count: number) =>
	({ kind: 'registers', key, target: { kind: 'messages', arrivals: [0, count] } }) as const;
const naming = (key: number) =>
	({ kind: 'registers', key, target: { kind: 'subject', subject: 'settings' } }) as const;

/** The keys of each part. */
function parts(...changes: Parameters<typeof partsWithinReach>[0]): number[][] {
	return partsWithinReach(changes).map((part) => part.map(({ key }) => key));
}

describe('the parts of a batch', () => {
	it('[W35] write no more than a million registers of messages together', () => {
		expect(parts(marking(1, 600_000), marking(2, 400_000))).toEqual([[1, 2]]);
		expect(parts(marking(1, 600_000), marking(2, 400_001), marking(3, 5))).toEqual([[1], [2, 3]]);
	});

	it('[W35] hold one that writes more alone, and beside it what writes none', () => {
		expect(parts(marking(1, 5_000_000))).toEqual([[1]]);
		expect(parts(naming(1), marking(2, 5_000_000), naming(3), marking(4, 1))).toEqual([
			[1, 2],
			[3, 4]
		]);
	});
});
