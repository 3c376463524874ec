import type { StoreEvent } from './event.ts';

/** Who hears of committed events. */
export class Listeners {
	readonly #listeners = new Set<(event: StoreEvent) => void>();

	/** Adds a listener; the answer removes it. */
	readonly add = (listener: (event: StoreEvent) => void): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};

	readonly tell = (events: readonly StoreEvent[]): void => {
		for (const event of events) for (const listener of this.#listeners) listener(event);
	};
}
