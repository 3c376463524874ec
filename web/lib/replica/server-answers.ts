import type { Cancel, Clock } from '../platform/clock.ts';

/** Milliseconds a person waits for the server's answer; a connection that gives none is given up sooner. */
const answerTime = 6_000;

/** Those in this tab who asked the server for a word, and wait for it. */
export class ServerAnswers {
	readonly #clock: Clock;
	readonly #waiting = new Map<(isAnswered: boolean) => void, Cancel>();

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	/** Resolves with whether the server answered in time. */
	wait(): Promise<boolean> {
		return new Promise((resolve) => {
			const cancel = this.#clock.after(answerTime, () => {
				this.#waiting.delete(resolve);
				resolve(false);
			});
			this.#waiting.set(resolve, cancel);
		});
	}

	/** It answered, or is known not to. */
	came(isAnswered: boolean): void {
		const waiting = [...this.#waiting];
		this.#waiting.clear();
		for (const [resolve, cancel] of waiting) {
			cancel();
			resolve(isAnswered);
		}
	}

	/** Nobody is told any more. */
	stop(): void {
		for (const cancel of this.#waiting.values()) cancel();
		this.#waiting.clear();
	}
}
