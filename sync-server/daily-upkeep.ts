import type { Logger } from 'pino';
import type { Metrics } from './observe/metrics.ts';
import type { Clock } from './queue/clock.ts';
import type { KeptUp } from './store/upkeep.ts';

export interface DailyUpkeepDeps {
	readonly clock: Clock;
	/** Does what is due, in small steps; rejects with the signal's reason where it was told to stop. */
	readonly run: (now: number, signal: AbortSignal) => Promise<KeptUp>;
	readonly metrics: Pick<Metrics, 'upkeeps' | 'upkeepRemoved'>;
	readonly logger: Logger;
}

/** After a start people come back first, milliseconds. */
export const firstUpkeepAfter = 5 * 60_000;

/** From the end of one upkeep to the next, milliseconds. */
export const upkeepEvery = 24 * 3_600_000;

/** Runs the store's upkeep: once some minutes after the start, then once a day, one run at a time. */
export class DailyUpkeep {
	readonly #deps: DailyUpkeepDeps;
	readonly #leaving = new AbortController();
	#running: Promise<void> = Promise.resolve();
	#cancelTimer: () => void = () => undefined;

	constructor(deps: DailyUpkeepDeps) {
		this.#deps = deps;
	}

	start(): void {
		this.#runAfter(firstUpkeepAfter);
	}

	/** Breaks a run off at its next step; resolves when it has ended. None begins after it. */
	async stop(): Promise<void> {
		this.#leaving.abort(new Error('the server stops'));
		this.#cancelTimer();
		await this.#running;
	}

	#runAfter(milliseconds: number): void {
		if (this.#leaving.signal.aborted) return;
		this.#cancelTimer = this.#deps.clock.after(milliseconds, () => {
			this.#running = this.#run().then(() => this.#runAfter(upkeepEvery));
		});
	}

	async #run(): Promise<void> {
		const { clock, run, metrics, logger } = this.#deps;
		try {
			const kept = await run(clock.now(), this.#leaving.signal);
			count(metrics, kept);
			metrics.upkeeps.inc({ result: 'done' });
			logger.info(kept, 'upkeep is done');
		} catch (error) {
			if (this.#leaving.signal.aborted) return;
			metrics.upkeeps.inc({ result: 'failed' });
			logger.error({ err: error }, 'upkeep failed; it is tried again the next time');
		}
	}
}

function count(
	{ upkeepRemoved }: DailyUpkeepDeps['metrics'],
	{ entries, batches, placements, attachments, blobs }: KeptUp
): void {
	upkeepRemoved.inc({ what: 'entries' }, entries);
	upkeepRemoved.inc({ what: 'batches' }, batches);
	upkeepRemoved.inc({ what: 'placements' }, placements);
	upkeepRemoved.inc({ what: 'attachments' }, attachments);
	upkeepRemoved.inc({ what: 'blobs' }, blobs.removed);
	upkeepRemoved.inc({ what: 'blob-bytes' }, blobs.removedBytes);
}
