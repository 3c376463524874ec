import type { Cancel, Clock } from '../../platform/clock.ts';
import { Lane } from '../lane.ts';

/** Milliseconds after the last edit before a save, and at most after the first; and after a failed one. */
const pauses = { quiet: 300, longest: 1_500, failed: 5_000 } as const;

/** Saves a while after each edit, one save at a time, and again what came meanwhile. */
export class Saver {
	readonly #clock: Clock;
	readonly #save: () => Promise<boolean>;
	#timer: Cancel | undefined;
	#firstEditAt: number | undefined;
	readonly #saves = new Lane();

	/** @param save saves everything there is; false where that failed and has to be tried again */
	constructor(clock: Clock, save: () => Promise<boolean>) {
		this.#clock = clock;
		this.#save = save;
	}

	/** Something was edited. */
	edited(): void {
		const now = this.#clock.now();
		this.#firstEditAt ??= now;
		this.#schedule(Math.max(0, Math.min(pauses.quiet, this.#firstEditAt + pauses.longest - now)));
	}

	/** Saves now everything edited before the call; false where that failed, it is tried again by itself. */
	flush(): Promise<boolean> {
		this.#timer?.();
		this.#timer = undefined;
		this.#firstEditAt = undefined;
		return this.#saves.inTurn(async () => {
			const isSaved = await this.#save();
			if (!isSaved) this.#schedule(pauses.failed);
			return isSaved;
		});
	}

	stop(): void {
		this.#timer?.();
		this.#timer = undefined;
	}

	#schedule(pause: number): void {
		this.#timer?.();
		this.#timer = this.#clock.after(pause, () => {
			this.#timer = undefined;
			void this.flush();
		});
	}
}
