import type { Logger } from 'pino';
import type { queueKind } from '../store/queue/kind.ts';
import type { NewEnvelope } from '../store/queue/envelope.ts';
import type { Outcome, Report } from '../store/queue/outcomes.ts';
import type { TakenEnvelope } from '../store/queue/taking.ts';
import { StoreError } from '../store/store-error.ts';
import type { StoreFile } from '../store/store.ts';
import type { Failure } from './bounce.ts';
import type { Clock } from './clock.ts';
import type { QueueCounters } from './counters.ts';

export interface SettlingDeps {
	readonly file: StoreFile<typeof queueKind>;
	/** The bounce for failures of one envelope; null where none is sent. */
	readonly bounceFor: (envelope: TakenEnvelope, failures: readonly Failure[]) => Promise<NewEnvelope | null>;
	/** Takes what senders have to be told of. */
	readonly report: (reports: readonly Report[]) => void;
	/** Something is due, at once or later: a bounce, or another attempt. */
	readonly wake: () => void;
	readonly clock: Clock;
	readonly logger: Logger;
	readonly counters: QueueCounters;
}

interface Pending {
	readonly envelope: TakenEnvelope;
	readonly outcomes: readonly Outcome[];
	readonly done: () => void;
}

interface Settled {
	readonly outcomes: readonly Outcome[];
	readonly bounce: NewEnvelope | null;
}

/** Envelopes whose outcomes share one commit at most. */
const mostTogether = 400;

/** Pause after outcomes could not be stored, milliseconds. */
const pause = 1000;

/** When a failure is attempted again whose bounce could not be written, milliseconds. */
const bounceAgainAfter = 5 * 60_000;

/** How long a delivery that nobody is told of may wait for others to share its commit, milliseconds. */
const company = 25;

/**
 * Stores outcomes of deliveries, many in one commit. Only what somebody waits for is stored at once; a plain
 * delivery that is noted late is at worst done again, which its space knows.
 */
export class Settling {
	readonly #deps: SettlingDeps;
	readonly #pending: Pending[] = [];
	#isRunning = false;
	#isHurried = false;
	#cancelTimer: (() => void) | null = null;

	constructor(deps: SettlingDeps) {
		this.#deps = deps;
	}

	/** Resolves when the outcomes are committed. Tries as long as it takes: what is not stored is done again. */
	settle(envelope: TakenEnvelope, outcomes: readonly Outcome[]): Promise<void> {
		if (outcomes.length === 0) return Promise.resolve();
		return new Promise((done) => {
			this.#pending.push({ envelope, outcomes, done });
			const mayWait = !this.#isHurried && this.#pending.length < mostTogether && outcomes.every(isPlain);
			if (mayWait) this.#cancelTimer ??= this.#deps.clock.after(company, () => this.#begin());
			else this.#begin();
		});
	}

	/** From now on nothing waits for company, or it does again. */
	hurry(isHurried: boolean): void {
		this.#isHurried = isHurried;
		if (isHurried && this.#pending.length > 0) this.#begin();
	}

	#begin(): void {
		if (!this.#isRunning) void this.#run();
	}

	async #run(): Promise<void> {
		this.#isRunning = true;
		// Everything that ends in this turn of the event loop goes together.
		await new Promise(setImmediate);
		while (this.#pending.length > 0) {
			this.#cancelTimer?.();
			this.#cancelTimer = null;
			const batch = this.#pending.splice(0, mostTogether);
			try {
				await this.#commit(batch);
			} catch (error) {
				this.#deps.logger.error({ error: kindOf(error) }, 'outcomes could not be stored');
				this.#pending.unshift(...batch);
				await new Promise<void>((resolve) => this.#deps.clock.after(pause, resolve));
			}
		}
		this.#isRunning = false;
	}

	async #commit(batch: readonly Pending[]): Promise<void> {
		const { file, report, wake, counters } = this.#deps;
		const outcomes: Outcome[] = [];
		const bounces: NewEnvelope[] = [];
		for (const pending of batch) {
			const { outcomes: own, bounce } = await this.#withBounce(pending);
			outcomes.push(...own);
			if (bounce !== null) bounces.push(bounce);
		}
		const reports = await file.call('settle', { outcomes, bounces });
		for (const { done } of batch) done();
		if (reports.length > 0) report(reports);
		for (const _ of bounces) counters.bounced();
		if (bounces.length > 0 || outcomes.some(({ kind }) => kind === 'deferred')) wake();
	}

	/** Outcomes with the bounce for their failures; without one to be had, what failed is attempted again. */
	async #withBounce({ envelope, outcomes }: Pending): Promise<Settled> {
		const failures = outcomes.filter(({ kind }) => kind === 'failed');
		if (failures.length === 0) return { outcomes, bounce: null };
		const { bounceFor, clock, logger } = this.#deps;
		try {
			return { outcomes, bounce: await bounceFor(envelope, failures) };
		} catch (error) {
			logger.error({ envelope: envelope.id, error: kindOf(error) }, 'a bounce could not be written');
			const nextAt = clock.now() + bounceAgainAfter;
			return {
				outcomes: outcomes.map((outcome) =>
					outcome.kind === 'failed' ? { ...outcome, kind: 'deferred', nextAt } : outcome
				),
				bounce: null
			};
		}
	}
}

/** A delivery that came about and that nobody is told of. */
function isPlain({ kind, told }: Outcome): boolean {
	return kind === 'delivered' && !told;
}

function kindOf(error: unknown): string {
	return error instanceof StoreError ? error.kind : error instanceof Error ? error.name : 'unknown';
}
