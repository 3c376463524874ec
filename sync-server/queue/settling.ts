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

/** Envelopes whose outcomes share one commit at most. */
const mostTogether = 400;

/** Pause after outcomes could not be stored, milliseconds. */
const pause = 1000;

/** Stores outcomes of deliveries, those that come while a commit is under way together in the next one. */
export class Settling {
	readonly #deps: SettlingDeps;
	readonly #pending: Pending[] = [];
	#isRunning = false;

	constructor(deps: SettlingDeps) {
		this.#deps = deps;
	}

	/** Resolves when the outcomes are committed. Tries as long as it takes: what is not stored is done again. */
	settle(envelope: TakenEnvelope, outcomes: readonly Outcome[]): Promise<void> {
		if (outcomes.length === 0) return Promise.resolve();
		return new Promise((done) => {
			this.#pending.push({ envelope, outcomes, done });
			if (!this.#isRunning) void this.#run();
		});
	}

	async #run(): Promise<void> {
		this.#isRunning = true;
		// Everything that ends in this turn of the event loop goes together.
		await new Promise(setImmediate);
		while (this.#pending.length > 0) {
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
		const bounces = await this.#bounces(batch);
		const outcomes = batch.flatMap((pending) => pending.outcomes);
		const reports = await file.call('settle', { outcomes, bounces });
		for (const { done } of batch) done();
		if (reports.length > 0) report(reports);
		for (const _ of bounces) counters.bounced();
		if (bounces.length > 0 || outcomes.some(({ kind }) => kind === 'deferred')) wake();
	}

	async #bounces(batch: readonly Pending[]): Promise<NewEnvelope[]> {
		const bounces: NewEnvelope[] = [];
		for (const { envelope, outcomes } of batch) {
			const failures = outcomes.filter(({ kind }) => kind === 'failed');
			if (failures.length === 0) continue;
			const bounce = await this.#deps.bounceFor(envelope, failures);
			if (bounce !== null) bounces.push(bounce);
		}
		return bounces;
	}
}

function kindOf(error: unknown): string {
	return error instanceof StoreError ? error.kind : error instanceof Error ? error.name : 'unknown';
}
