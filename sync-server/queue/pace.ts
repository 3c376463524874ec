import type { Clock } from './clock.ts';

/**
 * Lets what comes alone go at once, and what comes in quick succession go together: one round in each interval.
 * What goes together shares messages between threads, commits and frames.
 */
export class Pace {
	readonly #clock: Clock;
	readonly #interval: number;
	#waiting: (() => void)[] = [];
	#nextAt = 0;

	/** @param interval milliseconds from one round to the next */
	constructor(clock: Clock, interval: number) {
		this.#clock = clock;
		this.#interval = interval;
	}

	/** Resolves when it may go, after the interval at most. */
	come(): Promise<void> {
		const now = this.#clock.now();
		if (this.#waiting.length === 0 && now >= this.#nextAt) {
			this.#nextAt = now + this.#interval;
			return Promise.resolve();
		}
		return new Promise((resolve) => {
			this.#waiting.push(resolve);
			if (this.#waiting.length > 1) return;
			// The system's clock may be set back.
			const wait = Math.min(this.#nextAt - now, this.#interval);
			this.#clock.after(wait, () => this.#go());
		});
	}

	#go(): void {
		this.#nextAt = this.#clock.now() + this.#interval;
		for (const resolve of this.#waiting.splice(0)) resolve();
	}
}
