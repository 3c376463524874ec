import type { Resolution } from '../store/directory/accounts.ts';

/**
 * Remembers where mail to an address goes, at most `most` addresses, until the directory changes. An answer
 * that was asked for before a change is not remembered after it.
 */
export class ResolutionCache {
	readonly #most: number;
	readonly #known = new Map<string, Resolution>();
	#changes = 0;

	constructor(most = 10_000) {
		this.#most = most;
	}

	/** Forgets everything; called at each change of the directory. */
	forget(): void {
		this.#changes += 1;
		this.#known.clear();
	}

	/** The resolution of a canonical address, asked for where it is not known. */
	async resolve(address: string, ask: () => Promise<Resolution>): Promise<Resolution> {
		const known = this.#known.get(address);
		if (known !== undefined) return known;
		const changes = this.#changes;
		const answer = await ask();
		if (changes === this.#changes) this.#remember(address, answer);
		return answer;
	}

	#remember(address: string, answer: Resolution): void {
		this.#known.set(address, answer);
		if (this.#known.size <= this.#most) return;
		const oldest = this.#known.keys().next();
		if (oldest.done !== true) this.#known.delete(oldest.value);
	}
}
