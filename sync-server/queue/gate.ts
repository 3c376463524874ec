/** Lets at most so many run at once; the others wait their turn. */
export class Gate {
	#free: number;
	readonly #waiting: (() => void)[] = [];

	constructor(width: number) {
		this.#free = width;
	}

	/** Runs when it is its turn; passes on what `run` answers or throws. */
	async through<Answer>(run: () => Promise<Answer>): Promise<Answer> {
		if (this.#free > 0) this.#free -= 1;
		else await new Promise<void>((resolve) => this.#waiting.push(resolve));
		try {
			return await run();
		} finally {
			const next = this.#waiting.shift();
			if (next === undefined) this.#free += 1;
			else next();
		}
	}
}
