import type { Reservation } from './blob-store.ts';

/** Counts who still needs a blob. They end with the process: what it left is younger than the collection age. */
export class Reservations {
	readonly #counts = new Map<string, number>();

	/** Takes one more; releasing it twice counts once. */
	take(name: string): Reservation {
		this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
		let isTaken = true;
		return {
			release: () => {
				if (!isTaken) return;
				isTaken = false;
				const left = (this.#counts.get(name) ?? 0) - 1;
				if (left > 0) this.#counts.set(name, left);
				else this.#counts.delete(name);
			}
		};
	}

	has(name: string): boolean {
		return this.#counts.has(name);
	}
}
