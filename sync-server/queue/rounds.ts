import type { Clock } from './clock.ts';

export interface RoundsDeps {
	readonly clock: Clock;
	/** Does what is due. Answers when it wants to be called again (milliseconds UTC), or null. */
	readonly round: () => Promise<number | null>;
	/** A round failed; it is tried again after a pause. */
	readonly failed: (error: unknown) => void;
}

/** Pause after a round that failed, milliseconds. */
const pause = 1000;

/** Calls the round whenever something is due: one at a time, again at once where it was woken meanwhile. */
export class Rounds {
	readonly #deps: RoundsDeps;
	#isStopped = true;
	#isWoken = false;
	#isRunning = false;
	#running: Promise<void> = Promise.resolve();
	#cancelTimer: () => void = () => undefined;

	constructor(deps: RoundsDeps) {
		this.#deps = deps;
	}

	start(): void {
		this.#isStopped = false;
		this.wake();
	}

	/** Resolves when the round under way has ended; none begins after it. */
	async stop(): Promise<void> {
		this.#isStopped = true;
		this.#cancelTimer();
		await this.#running;
	}

	/** Something may be due. */
	wake(): void {
		if (this.#isStopped) return;
		this.#isWoken = true;
		if (!this.#isRunning) this.#running = this.#run();
	}

	get isRunning(): boolean {
		return this.#isRunning;
	}

	/** Resolves when no round is under way. */
	async idle(): Promise<void> {
		while (this.#isRunning) await this.#running;
	}

	async #run(): Promise<void> {
		this.#isRunning = true;
		this.#cancelTimer();
		let next: number | null = null;
		while (this.#isWoken && !this.#isStopped) {
			this.#isWoken = false;
			next = await this.#round();
		}
		this.#isRunning = false;
		if (next === null || this.#isStopped) return;
		this.#cancelTimer = this.#deps.clock.after(Math.max(next - this.#deps.clock.now(), 0), () => this.wake());
	}

	async #round(): Promise<number | null> {
		try {
			return await this.#deps.round();
		} catch (error) {
			this.#deps.failed(error);
			return this.#deps.clock.now() + pause;
		}
	}
}
