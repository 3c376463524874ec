import { vi } from 'vitest';

interface Timer {
	readonly at: number;
	readonly order: number;
	readonly run: () => void;
}

/** Lets everything that was begun go as far as it can without time passing. */
export async function settle(): Promise<void> {
	for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/**
 * The time of a world, in milliseconds: it stands still but for `advance`. Timers of libraries, which take
 * none of ours, go along with it.
 */
export class VirtualTime {
	#now: number;
	#order = 0;
	#timers: Timer[] = [];

	constructor(start: number) {
		this.#now = start;
		vi.useFakeTimers({
			now: start,
			toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date']
		});
	}

	get now(): number {
		return this.#now;
	}

	/** Calls once after that long; returns how to prevent it. */
	after(milliseconds: number, run: () => void): () => void {
		this.#order += 1;
		const timer: Timer = { at: this.#now + Math.max(0, milliseconds), order: this.#order, run };
		this.#timers.push(timer);
		return () => {
			this.#timers = this.#timers.filter((other) => other !== timer);
		};
	}

	/** Lets time pass, and everything happen that it brings. */
	async advance(milliseconds: number): Promise<void> {
		const end = this.#now + milliseconds;
		await settle();
		for (;;) {
			const next = this.#earliest();
			if (next === undefined || next.at > end) break;
			this.#timers = this.#timers.filter((timer) => timer !== next);
			this.#moveTo(next.at);
			next.run();
			await settle();
		}
		this.#moveTo(end);
		await settle();
	}

	end(): void {
		this.#timers = [];
		vi.useRealTimers();
	}

	#moveTo(time: number): void {
		vi.advanceTimersByTime(Math.max(0, time - this.#now));
		this.#now = time;
	}

	#earliest(): Timer | undefined {
		return this.#timers.reduce<Timer | undefined>(
			(best, timer) =>
				best === undefined || timer.at < best.at || (timer.at === best.at && timer.order < best.order)
					? timer
					: best,
			undefined
		);
	}
}
