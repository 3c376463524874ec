/** A row of the list and the element that shows it. */
export interface SlottedRow {
	readonly arrival: number;
	/** Names the element, from 0; it stays the same as long as the row is on the screen. */
	readonly slot: number;
}

/**
 * Which element shows which row. A row keeps its element while it is on the screen; one that comes takes the
 * element of one that went, so that a screenful of other rows is other words in the same elements.
 */
export class RowSlots {
	#slots = new Map<number, number>();
	#count = 0;

	/** The rows on the screen, in their order, each with its element. */
	assign(arrivals: readonly number[]): SlottedRow[] {
		const listed = new Set(arrivals);
		const free = [...this.#slots].filter(([arrival]) => !listed.has(arrival)).map(([, slot]) => slot);
		const next = new Map<number, number>();
		let taken = 0;
		for (const arrival of arrivals) {
			let slot = this.#slots.get(arrival);
			if (slot === undefined) {
				slot = free[taken] ?? this.#count++;
				taken += 1;
			}
			next.set(arrival, slot);
		}
		this.#slots = next;
		return arrivals.map((arrival) => ({ arrival, slot: next.get(arrival) ?? 0 }));
	}
}
