/** Runs tasks one after another, in the order they were added; a bounded number may wait. */
export class Lane {
	readonly #most: number;
	readonly #failed: (error: unknown) => void;
	#last: Promise<void> = Promise.resolve();
	#waiting = 0;

	/** @param failed is told what a task threw; the tasks behind it run all the same */
	constructor(most: number, failed: (error: unknown) => void) {
		this.#most = most;
		this.#failed = failed;
	}

	/** Adds a task; false, and it is not run, where too many wait already. */
	add(task: () => Promise<void>): boolean {
		if (this.#waiting >= this.#most) return false;
		this.#waiting += 1;
		this.#last = this.#last
			.then(task)
			.catch(this.#failed)
			.finally(() => (this.#waiting -= 1));
		return true;
	}

	/** Resolves when everything that was added so far has run. */
	async idle(): Promise<void> {
		await this.#last;
	}
}
