import type { Clock } from '../clock.ts';

interface Alarm {
	readonly at: number;
	readonly action: () => void;
}

/** Time that stands still until it is moved. */
export class ManualClock implements Clock {
	#now: number;
	readonly #alarms = new Set<Alarm>();

	constructor(now: number) {
		this.#now = now;
	}

	readonly now = (): number => this.#now;

	readonly after = (milliseconds: number, action: () => void): (() => void) => {
		const alarm = { at: this.#now + milliseconds, action };
		this.#alarms.add(alarm);
		return () => this.#alarms.delete(alarm);
	};

	/** Moves time on, running what is due on the way, in its order. */
	advance(milliseconds: number): void {
		const end = this.#now + milliseconds;
		for (let next = this.#next(end); next !== undefined; next = this.#next(end)) {
			this.#alarms.delete(next);
			this.#now = Math.max(this.#now, next.at);
			next.action();
		}
		this.#now = end;
	}

	/** The same time, whose alarms can all be forgotten at once, as when a process ends. */
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

	#next(end: number): Alarm | undefined {
		let first: Alarm | undefined;
		for (const alarm of this.#alarms) {
			if (alarm.at <= end && (first === undefined || alarm.at < first.at)) first = alarm;
		}
		return first;
	}
}
