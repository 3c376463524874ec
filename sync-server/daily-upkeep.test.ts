import { pino } from 'pino';
import { expect, it } from 'vitest';
import { DailyUpkeep, firstUpkeepAfter, upkeepEvery } from './daily-upkeep.ts';
import { createMetrics } from './observe/metrics.ts';
import { ManualClock } from './queue/trial/manual-clock.ts';
import type { KeptUp } from './store/upkeep.ts';

const start = Date.UTC(2026, 10, 23, 9);
const nothing: KeptUp = {
	entries: 0,
	batches: 0,
	placements: 0,
	attachments: 0,
	blobs: { kept: 0, removed: 0, removedBytes: 0 }
};

/** Upkeep on a clock moved by hand, whose runs the test ends. */
function stage() {
	const clock = new ManualClock(start);
	const metrics = createMetrics();
	const logged: string[] = [];
	const runs: (PromiseWithResolvers<KeptUp> & { readonly at: number })[] = [];
	const run = (now: number, signal: AbortSignal) => {
		const ending = { ...Promise.withResolvers<KeptUp>(), at: now - start };
		signal.addEventListener('abort', () => ending.reject(signal.reason));
		runs.push(ending);
		return ending.promise;
	};
	const logger = pino({}, { write: (line) => void logged.push(line) });
	const upkeep = new DailyUpkeep({ clock, run, metrics, logger });
	/** Ends the run under way, and lets what follows from it happen. */
	const end = async (how: (run: PromiseWithResolvers<KeptUp>) => void) => {
		const last = runs.at(-1);
		if (last === undefined) throw new Error('nothing runs');
		how(last);
		await new Promise(setImmediate);
	};
	return { clock, metrics, logged, runs, upkeep, end };
}

it('[S39] runs some minutes after the start, then daily, and never twice at once', async () => {
	const { clock, runs, upkeep, end } = stage();
	upkeep.start();
	clock.advance(firstUpkeepAfter - 1);
	expect(runs).toHaveLength(0);
	clock.advance(1);
	expect(runs.map(({ at }) => at)).toEqual([firstUpkeepAfter]);
	clock.advance(3 * upkeepEvery);
	expect(runs).toHaveLength(1);
	await end(({ resolve }) => resolve(nothing));
	clock.advance(upkeepEvery - 1);
	expect(runs).toHaveLength(1);
	clock.advance(1);
	expect(runs).toHaveLength(2);
});

it('[S39] tells what it did as counts, in the log and in the metrics', async () => {
	const { clock, metrics, logged, upkeep, end } = stage();
	upkeep.start();
	clock.advance(firstUpkeepAfter);
	const blobs = { kept: 9, removed: 2, removedBytes: 70 };
	await end(({ resolve }) => resolve({ entries: 3, batches: 4, placements: 5, attachments: 6, blobs }));
	expect(JSON.parse(logged[0] ?? '')).toMatchObject({ entries: 3, placements: 5, blobs });
	const { text } = await metrics.page();
	for (const line of ['entries"} 3', 'batches"} 4', 'placements"} 5', 'attachments"} 6', 'blobs"} 2']) {
		expect(text).toContain(`hongyan_upkeep_removed_total{what="${line}`);
	}
	expect(text).toContain('hongyan_upkeep_removed_total{what="blob-bytes"} 70');
	expect(text).toContain('hongyan_upkeeps_total{result="done"} 1');
});

it('[S39] logs why it failed and tries again the next time', async () => {
	const { clock, metrics, logged, runs, upkeep, end } = stage();
	upkeep.start();
	clock.advance(firstUpkeepAfter);
	await end(({ reject }) => reject(new Error('a file can not be read')));
	expect(logged.join('')).toContain('a file can not be read');
	expect((await metrics.page()).text).toContain('hongyan_upkeeps_total{result="failed"} 1');
	clock.advance(upkeepEvery);
	expect(runs).toHaveLength(2);
});

it('[S39] is broken off by stopping, which waits for it, and begins no more', async () => {
	const { clock, logged, runs, upkeep } = stage();
	upkeep.start();
	clock.advance(firstUpkeepAfter);
	await upkeep.stop();
	await expect(runs[0]?.promise).rejects.toThrow('the server stops');
	clock.advance(3 * upkeepEvery);
	expect(runs).toHaveLength(1);
	expect(logged).toEqual([]);
});
