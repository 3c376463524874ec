/** Runs steps one after another, in the order they were asked for. */
export class Lane {
	#last: Promise<unknown> = Promise.resolve();

	/** Runs a step after everything asked for before has ended, well or not; resolves or rejects as it does. */
	inTurn<Answer>(step: () => Promise<Answer>): Promise<Answer> {
		const result = this.#last.then(step);
		// Only the order is kept here: who asked for a step is told its error, and the next one must run all the same.
		this.#last = result.catch(() => undefined);
		return result;
	}
}
