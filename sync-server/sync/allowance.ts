/** How much may be spent at once, and how much comes back in a second. */
export interface AllowanceRate {
	readonly capacity: number;
	readonly perSecond: number;
}

/** One token bucket from which any amount is taken; full at first. */
export class Allowance {
	readonly #rate: AllowanceRate;
	#left: number;
	#at: number;

	constructor(rate: AllowanceRate, now: number) {
		this.#rate = rate;
		this.#left = rate.capacity;
		this.#at = now;
	}

	/** Takes an amount at the time `now` (ms); false, and nothing is taken, where there is not so much left. */
	take(amount: number, now: number): boolean {
		const refilled = (Math.max(0, now - this.#at) / 1000) * this.#rate.perSecond;
		this.#left = Math.min(this.#rate.capacity, this.#left + refilled);
		this.#at = now;
		if (amount > this.#left) return false;
		this.#left -= amount;
		return true;
	}
}
