import type { Cancel, Clock } from '../../platform/clock.ts';

/** Milliseconds after the last edit before a save, and at most after the first; and after a failed one. */
const pauses = { quiet: 300, longest: 1_500, failed: 5_000 } as const;

/** Saves a while after each edit, one save at a time, and again what came meanwhile. */
export class Saver {
	readonly #clock: Clock;
	readonly #save: () => Promise<boolean>;
	#alarm: Cancel | undefined;
	#firstEditAt: number | undefined;
	#running: Promise<unknown> = Promise.resolve();

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
		this.#alarm?.();
		this.#alarm = undefined;
		this.#firstEditAt = undefined;
		const saving = this.#running.then(async () => {
			const isSaved = await this.#save();
			if (!isSaved) this.#schedule(pauses.failed);
			return isSaved;
		});
		this.#running = saving.catch(() => undefined);
		return saving;
	}

	stop(): void {
		this.#alarm?.();
		this.#alarm = undefined;
	}

	#schedule(pause: number): void {
		this.#alarm?.();
		this.#alarm = this.#clock.after(pause, () => {
			this.#alarm = undefined;
			void this.flush();
		});
	}
}
