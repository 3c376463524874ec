/**
 * Chance that a seed brings back exactly (mulberry32). This folder holds what tests of every other folder share
 * and what needs nothing but the schema: chance, seeds, and the person most tests are about.
 */
export class Chance {
	#state: number;

	constructor(seed: number) {
		this.#state = seed >>> 0;
	}

	/** From 0 (inclusive) to 1 (exclusive). */
	next(): number {
		this.#state = (this.#state + 0x6d2b79f5) >>> 0;
		let mixed = this.#state;
		mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	}

	/** A whole number from 0 (inclusive) to `end` (exclusive). */
	below(end: number): number {
		return Math.floor(this.next() * end);
	}

	/** True about so often. */
	happens(probability: number): boolean {
		return this.next() < probability;
	}

	/** One of these; they must not be none. */
	pick<Thing>(things: readonly Thing[]): Thing {
		const thing = things[this.below(things.length)];
		if (thing === undefined) throw new Error('nothing to pick from');
		return thing;
	}

	bytes(length: number): Uint8Array {
		return Uint8Array.from({ length }, () => this.below(256));
	}
}
