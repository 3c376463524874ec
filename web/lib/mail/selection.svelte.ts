/* eslint-disable svelte/prefer-svelte-reactivity -- sets are replaced whole, never altered where they lie */

/** Which messages of a list are selected; the selection mode ends when none is. */
export class Selection {
	#arrivals = $state.raw<ReadonlySet<number>>(new Set());
	/** The row a range begins at. */
	#anchor: number | null = null;

	get size(): number {
		return this.#arrivals.size;
	}

	get arrivals(): ReadonlySet<number> {
		return this.#arrivals;
	}

	has(arrival: number): boolean {
		return this.#arrivals.has(arrival);
	}

	/** Selects a message, or takes it out. */
	toggle(arrival: number): void {
		const next = new Set(this.#arrivals);
		if (!next.delete(arrival)) next.add(arrival);
		this.#arrivals = next;
		this.#anchor = arrival;
	}

	/** Selects everything from the last toggled row to this one, in the order of the list. */
	extendTo(arrival: number, order: Uint32Array): void {
		const from = this.#anchor === null ? -1 : order.indexOf(this.#anchor);
		const to = order.indexOf(arrival);
		if (from < 0 || to < 0) {
			this.toggle(arrival);
			return;
		}
		const next = new Set(this.#arrivals);
		for (let index = Math.min(from, to); index <= Math.max(from, to); index += 1) next.add(order[index] ?? 0);
		this.#arrivals = next;
	}

	/** Selects exactly these. */
	set(arrivals: Iterable<number>): void {
		this.#arrivals = new Set(arrivals);
		this.#anchor = null;
	}

	clear(): void {
		if (this.#arrivals.size > 0) this.#arrivals = new Set();
		this.#anchor = null;
	}

	/** Drops what is no longer in the list, so that no action reaches what can't be seen. */
	keepOnly(isListed: (arrival: number) => boolean): void {
		const kept = [...this.#arrivals].filter(isListed);
		if (kept.length !== this.#arrivals.size) this.#arrivals = new Set(kept);
	}
}
