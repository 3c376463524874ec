import { createSubscriber } from 'svelte/reactivity';

/** The time to the minute, for labels such as "today": reactive, and still while nobody reads it. */
class Minute {
	readonly #subscribe = createSubscriber((update) => {
		const timer = setInterval(update, 60_000);
		return () => {
			clearInterval(timer);
		};
	});

	/** Milliseconds UTC. */
	get now(): number {
		this.#subscribe();
		return Date.now();
	}
}

export const minute = new Minute();
