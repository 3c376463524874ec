import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '#schema/space/entry.ts';
import { seedOfRun } from '#schema/trial/seed.ts';
import { openBench } from '../trial/bench.ts';
import { entry, generation } from '../trial/letters.ts';
import {
	atFirst,
	fetchMissing,
	happening,
	logOf,
	pictureOf,
	Rows,
	type Happening
} from '../trial/server-rows.ts';
import { receiveEntries } from './receive-entries.ts';
import { receivePack } from './receive-pack.ts';

/** Receives the log and the packs, the packs true at some other place of the log than the replica stands at. */
async function replicaOf(log: readonly Change[], packsAt: readonly { after: number; trueAt: number }[]) {
	const { core } = await openBench({ opens: { arrivals: atFirst } });
	const fetchPacks = async (at: number, trueAt: number) => {
		for (const { after } of packsAt.filter((pack) => pack.after % (log.length + 1) === at)) {
			const from = (after * 3) % atFirst;
			await receivePack(core, new Rows(log.slice(0, trueAt)).pack(trueAt, from, Math.min(atFirst, from + 4)));
		}
	};
	for (const [index, change] of log.entries()) {
		const lead = packsAt[index % Math.max(1, packsAt.length)]?.trueAt ?? 0;
		await fetchPacks(index, Math.min(log.length, Math.max(0, index - 3 + (lead % 7))));
		await receiveEntries(core, { generation, entries: [entry(index + 1, change)], seq: index + 1 });
	}
	await fetchMissing(core, log);
	return core;
}

const plain = { which: 0, other: 0, value: false, time: 0 };

/** A pack is asked for while a message is withdrawn, and comes after it was restored. */
const restoredUnderAPack: Happening[] = [
	{ ...plain, what: 'arrive' },
	{ ...plain, what: 'withdraw', which: 2 },
	{ ...plain, what: 'mark' },
	{ ...plain, what: 'mark' },
	{ ...plain, what: 'mark' },
	{ ...plain, what: 'mark' },
	{ ...plain, what: 'mark' },
	{ ...plain, what: 'restore', which: 2 },
	{ ...plain, what: 'arrive' }
];

const seed = seedOfRun('packs and tail');

describe('packs fetched while the log moves on', () => {
	it(`[R4] show in the end what the log says, wherever each pack was true (HONGYAN_SEED=${seed})`, async () => {
		const places = fc.record({ after: fc.nat({ max: 40 }), trueAt: fc.nat({ max: 40 }) });
		await fc.assert(
			fc.asyncProperty(
				fc.array(happening, { minLength: 1, maxLength: 25 }),
				fc.array(places, { maxLength: 6 }),
				async (happenings, packsAt) => {
					const log = logOf(happenings);
					const core = await replicaOf(log, packsAt);
					expect(pictureOf(core, log)).toEqual(new Rows(log).picture());
				}
			),
			{ seed, numRuns: 300, examples: [[restoredUnderAPack, [{ after: 8, trueAt: 0 }]]] }
		);
	});
});
