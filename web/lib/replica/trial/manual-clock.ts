import type { Clock } from '../../platform/clock.ts';

/** Lets everything that was begun go as far as it can without time passing. */
export async function settled(): Promise<void> {
	for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setTimeout(resolve, 0));
}

/** A clock that stands still but for `advance`. */
export class ManualClock implements Clock {
	#now: number;
	#timers: { readonly at: number; readonly run: () => void }[] = [];

	constructor(start = Date.UTC(2026, 10, 23, 9)) {
		this.#now = start;
	}

	now(): number {
		return this.#now;
	}

	/** Sets the time as a person sets a device's clock: timers keep their distance. */
	set(now: number): void {
		const moved = now - this.#now;
		this.#now = now;
		this.#timers = this.#timers.map(({ at, run }) => ({ at: at + moved, run }));
	}

	after(milliseconds: number, run: () => void): () => void {
		const timer = { at: this.#now + milliseconds, run };
		this.#timers.push(timer);
		return () => {
			this.#timers = this.#timers.filter((other) => other !== timer);
		};
	}

	/** When the next timer runs out, milliseconds from now; undefined where none is set. */
	get nextTimer(): number | undefined {
		return this.#timers.length === 0 ? undefined : Math.min(...this.#timers.map(({ at }) => at)) - this.#now;
	}

	/** Lets time pass, and everything happen that it brings. */
	async advance(milliseconds: number): Promise<void> {
		const end = this.#now + milliseconds;
		await settled();
		for (;;) {
			const due = this.#timers.filter(({ at }) => at <= end).sort((left, right) => left.at - right.at)[0];
			if (due === undefined) break;
			this.#timers = this.#timers.filter((timer) => timer !== due);
			this.#now = Math.max(this.#now, due.at);
			due.run();
			await settled();
		}
		this.#now = end;
		await settled();
	}
}
