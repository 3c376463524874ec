import { vi } from 'vitest';

interface Alarm {
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
	#alarms: Alarm[] = [];

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
		const alarm: Alarm = { at: this.#now + Math.max(0, milliseconds), order: this.#order, run };
		this.#alarms.push(alarm);
		return () => {
			this.#alarms = this.#alarms.filter((other) => other !== alarm);
		};
	}

	/** Lets time pass, and everything happen that it brings. */
	async advance(milliseconds: number): Promise<void> {
		const end = this.#now + milliseconds;
		await settle();
		for (;;) {
			const next = this.#earliest();
			if (next === undefined || next.at > end) break;
			this.#alarms = this.#alarms.filter((alarm) => alarm !== next);
			this.#moveTo(next.at);
			next.run();
			await settle();
		}
		this.#moveTo(end);
		await settle();
	}

	end(): void {
		this.#alarms = [];
		vi.useRealTimers();
	}

	#moveTo(time: number): void {
		vi.advanceTimersByTime(Math.max(0, time - this.#now));
		this.#now = time;
	}

	#earliest(): Alarm | undefined {
		return this.#alarms.reduce<Alarm | undefined>(
			(best, alarm) =>
				best === undefined || alarm.at < best.at || (alarm.at === best.at && alarm.order < best.order)
					? alarm
					: best,
			undefined
		);
	}
}
