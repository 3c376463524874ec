import { describe, expect, it } from 'vitest';
import type { SpaceId } from '#schema/ids.ts';
import { joinedEvents, type StoreEvent } from './event.ts';

const grown = (space: string, ...seqs: number[]): StoreEvent => ({
	kind: 'entries',
	space: space as SpaceId,
	generation: 'first',
	entries: seqs.map((seq) => ({ seq, at: 0, device: null, origin: 'peer', changes: [] }))
});

describe('events of one commit', () => {
	it('[S9] tell of the entries of a space together, and of nothing else', () => {
		const directory: StoreEvent = { kind: 'directory' };
		const events = [grown('a', 1), grown('a', 2, 3), grown('b', 1), grown('a', 4), directory, directory];
		expect(joinedEvents(events)).toEqual([
			grown('a', 1, 2, 3),
			grown('b', 1),
			grown('a', 4),
			directory,
			directory
		]);
	});

	it('[S9] tell of 64 entries together at most', () => {
		const joined = joinedEvents(Array.from({ length: 70 }, (_, index) => grown('a', index + 1)));
		expect(joined.map((event) => (event.kind === 'entries' ? event.entries.length : 0))).toEqual([64, 6]);
	});
});
