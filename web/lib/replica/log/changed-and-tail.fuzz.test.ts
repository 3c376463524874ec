import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change } from '#schema/space/entry.ts';
import { seedOfRun } from '#schema/trial/seed.ts';
import { openBench } from '../trial/bench.ts';
import { entry, generation, opening } from '../trial/letters.ts';
import { atFirst, fetchMissing, happening, logOf, pictureOf, Rows } from '../trial/server-rows.ts';
import { catchUpOf, receiveChangedPack, receiveOpeningSince } from './receive-changed.ts';
import { receiveEntries } from './receive-entries.ts';
import { receivePack } from './receive-pack.ts';

/** Where a replica stood, where it was told to stand, and where in the log each pack of what changed was true. */
interface Course {
	readonly since: number;
	readonly target: number;
	readonly trueAt: readonly number[];
	readonly size: number;
	/** Whether all old messages had been downloaded before, or some. */
	readonly held: number;
	/** After how many packs the tab is closed and opened again. */
	readonly breakAfter: number;
}

const course = fc.record({
	since: fc.nat({ max: 25 }),
	target: fc.nat({ max: 25 }),
	trueAt: fc.array(fc.nat({ max: 25 }), { minLength: 1, maxLength: 4 }),
	size: fc.integer({ min: 1, max: 40 }),
	held: fc.nat({ max: atFirst }),
	breakAfter: fc.nat({ max: 6 })
});

/** A place in the log from `least` to its end. */
function placeFrom(least: number, chosen: number, log: readonly Change[]): number {
	return least + (chosen % (log.length - least + 1));
}

async function replicaOf(log: readonly Change[], { held, breakAfter, size, ...chosen }: Course) {
	let { core, disk } = await openBench({ opens: { arrivals: atFirst } });
	const since = placeFrom(0, chosen.since, log);
	const target = placeFrom(since, chosen.target, log);
	const follow = async (from: number, to: number) => {
		for (let seq = from + 1; seq <= to; seq += 1) {
			const entries = log.slice(seq - 1, seq).map((change) => entry(seq, change));
			await receiveEntries(core, { generation, entries, seq });
		}
	};
	if (held > 0) await receivePack(core, new Rows([]).pack(0, atFirst - held, atFirst));
	await follow(0, since);
	const arrivals = new Rows(log.slice(0, target)).facts.size;
	await receiveOpeningSince(core, opening({ cursor: { generation, seq: target }, arrivals }));
	for (let taken = 0; ; taken += 1) {
		const row = await catchUpOf(core);
		if (row === undefined) break;
		const trueAt = placeFrom(target, chosen.trueAt[taken % chosen.trueAt.length] ?? 0, log);
		const rows = new Rows(log.slice(0, trueAt));
		await receiveChangedPack(core, rows.changedPack(since, Math.max(0, row.before - size), row.before));
		if (taken === breakAfter) ({ core, disk } = await openBench({ disk }));
	}
	await follow(target, log.length);
	await fetchMissing(core, log);
	return core;
}

const seed = seedOfRun('changed and tail');

describe('what changed below the log’s floor, fetched while the log moves on', () => {
	it(`[R83] [R84] shows in the end what the log says, wherever each pack was true (HONGYAN_SEED=${seed})`, async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(happening, { minLength: 1, maxLength: 25 }),
				course,
				async (happenings, chosen) => {
					const log = logOf(happenings);
					const core = await replicaOf(log, chosen);
					expect(pictureOf(core, log)).toEqual(new Rows(log).picture());
				}
			),
			{ seed, numRuns: 300 }
		);
	});
});
