import type { Cancel, Clock } from '#lib/platform/clock.ts';
import type { FetchFailure, FetchWatch } from '#lib/replica/contents.ts';

/** Milliseconds until a fetch that failed is tried again by itself, from the first failure to the last. */
const pauses = [3_000, 10_000, 30_000, 60_000] as const;

export type NotFetched =
	{ readonly kind: 'not-here' } | { readonly kind: 'failed'; readonly code: FetchFailure };

/** How far something is that is fetched: on its way, here, or why it did not come this time. */
export type FetchState<Here> = { readonly kind: 'fetching'; readonly received: number } | Here | NotFetched;

/**
 * Asks for something until it is here: again by itself after a while where asking again can help, and at once
 * when it is told to. Trying again by itself is quiet; the failure stands until it is here.
 */
export class PatientFetch<Here extends { readonly kind: 'here' }> {
	readonly #clock: Clock;
	readonly #ask: (watch: FetchWatch) => Promise<Here | NotFetched>;
	readonly #told: (state: FetchState<Here>) => void;
	readonly #stopped = new AbortController();
	#failures = 0;
	#isAsking = false;
	#isQuiet = false;
	#isDone = false;
	#alarm: Cancel | undefined;

	constructor(
		clock: Clock,
		ask: (watch: FetchWatch) => Promise<Here | NotFetched>,
		told: (state: FetchState<Here>) => void
	) {
		this.#clock = clock;
		this.#ask = ask;
		this.#told = told;
	}

	/** Asks now, for the first time or again, and tells that it does. */
	again(): void {
		this.#isQuiet = false;
		if (!this.#isDone) this.#told({ kind: 'fetching', received: 0 });
		void this.#run();
	}

	/** Asks now without a word: the network may be back. */
	kick(): void {
		if (this.#isAsking) return;
		this.#isQuiet = true;
		void this.#run();
	}

	/** Nothing more is asked or told. */
	stop(): void {
		this.#isDone = true;
		this.#alarm?.();
		this.#stopped.abort();
	}

	async #run(): Promise<void> {
		if (this.#isAsking || this.#isDone) return;
		this.#alarm?.();
		this.#isAsking = true;
		const answer = await this.#ask({
			signal: this.#stopped.signal,
			progress: (received) => {
				if (!this.#isDone && !this.#isQuiet) this.#told({ kind: 'fetching', received });
			}
		});
		this.#isAsking = false;
		if (this.#stopped.signal.aborted) return;
		if (answer.kind === 'here') this.#isDone = true;
		else this.#comeBack(answer);
		this.#told(answer);
	}

	#comeBack(answer: NotFetched): void {
		const isInVain = answer.kind === 'failed' && answer.code !== 'offline' && answer.code !== 'refused';
		if (isInVain) return;
		const pause = pauses[Math.min(this.#failures, pauses.length - 1)] ?? 0;
		this.#failures += 1;
		this.#alarm = this.#clock.after(pause, () => {
			this.kick();
		});
	}
}
