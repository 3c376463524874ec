/** A token bucket: `capacity` at once, then one more every `interval` milliseconds. */
export interface BucketRate {
	readonly capacity: number;
	readonly interval: number;
}

interface Level {
	readonly tokens: number;
	readonly at: number;
}

/** Why something must wait: how many milliseconds until one token is there. */
export interface Wait {
	readonly wait: number;
}

/**
 * Token buckets by key, in memory: a restart fills them, which nobody outside can bring about. At most
 * `maxKeys` are remembered; the one used longest ago is forgotten first, which only fills it again.
 */
export class TokenBuckets {
	readonly #rate: BucketRate;
	readonly #maxKeys: number;
	readonly #levels = new Map<string, Level>();

	constructor(rate: BucketRate, maxKeys = 20_000) {
		this.#rate = rate;
		this.#maxKeys = maxKeys;
	}

	/** Takes one token at the time `now` (ms); answers null, or how long to wait for one. */
	take(key: string, now: number): Wait | null {
		const tokens = this.#tokens(key, now);
		if (tokens < 1) return { wait: Math.ceil((1 - tokens) * this.#rate.interval) };
		this.#set(key, { tokens: tokens - 1, at: now });
		return null;
	}

	/** Gives back a token that was taken for something that turned out to be harmless. */
	giveBack(key: string, now: number): void {
		const tokens = Math.min(this.#rate.capacity, this.#tokens(key, now) + 1);
		if (tokens === this.#rate.capacity) this.#levels.delete(key);
		else this.#set(key, { tokens, at: now });
	}

	get size(): number {
		return this.#levels.size;
	}

	#tokens(key: string, now: number): number {
		const level = this.#levels.get(key);
		if (level === undefined) return this.#rate.capacity;
		const refilled = Math.max(0, now - level.at) / this.#rate.interval;
		return Math.min(this.#rate.capacity, level.tokens + refilled);
	}

	#set(key: string, level: Level): void {
		this.#levels.delete(key);
		this.#levels.set(key, level);
		if (this.#levels.size <= this.#maxKeys) return;
		const oldest = this.#levels.keys().next();
		if (oldest.done !== true) this.#levels.delete(oldest.value);
	}
}
