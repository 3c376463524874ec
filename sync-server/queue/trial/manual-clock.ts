import type { Clock } from '../clock.ts';

interface Timer {
	readonly at: number;
	readonly action: () => void;
}

/** Time that stands still until it is moved. */
export class ManualClock implements Clock {
	#now: number;
	readonly #timers = new Set<Timer>();

	constructor(now: number) {
		this.#now = now;
	}

	readonly now = (): number => this.#now;

	readonly after = (milliseconds: number, action: () => void): (() => void) => {
		const timer = { at: this.#now + milliseconds, action };
		this.#timers.add(timer);
		return () => this.#timers.delete(timer);
	};

	/** Moves time on, running what is due on the way, in its order. */
	advance(milliseconds: number): void {
		const end = this.#now + milliseconds;
		for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
			this.#timers.delete(next);
			this.#now = Math.max(this.#now, next.at);
			next.action();
		}
		this.#now = end;
	}

	/** The same time, whose timers can all be forgotten at once, as when a process ends. */
	process(): { readonly clock: Clock; readonly end: () => void } {
		let isOver = false;
		const cancels = new Set<() => void>();
		const after = (milliseconds: number, action: () => void) => {
			if (isOver) return () => undefined;
			const cancel = this.after(milliseconds, action);
			cancels.add(cancel);
			return cancel;
		};
		const end = () => {
			isOver = true;
			for (const cancel of cancels) cancel();
		};
		return { clock: { now: this.now, after }, end };
	}

	#next(end: number): Timer | undefined {
		let first: Timer | undefined;
		for (const timer of this.#timers) {
			if (timer.at <= end && (first === undefined || timer.at < first.at)) first = timer;
		}
		return first;
	}
}
