/**
 * Lets only so many tasks run at once and so many wait: a password hash takes 19 MiB and a core for some 40
 * ms, so a flood of sign-ins must not take the machine.
 */
export class HashingGate {
	readonly #atOnce: number;
	readonly #mostWaiting: number;
	readonly #waiting: (() => void)[] = [];
	#running = 0;

	constructor(atOnce = 2, mostWaiting = 100) {
		this.#atOnce = atOnce;
		this.#mostWaiting = mostWaiting;
	}

	/** Runs the task in its turn; null, without running it, where too many wait. */
	async run<Answer>(task: () => Promise<Answer>): Promise<Answer | null> {
		if (this.#running >= this.#atOnce) {
			if (this.#waiting.length >= this.#mostWaiting) return null;
			await new Promise<void>((resolve) => this.#waiting.push(resolve));
		} else {
			this.#running += 1;
		}
		try {
			return await task();
		} finally {
			const next = this.#waiting.shift();
			if (next === undefined) this.#running -= 1;
			else next();
		}
	}
}
