/**
 * Presses on an element that may show another message by the time they end: such a press is about neither of
 * them, and nothing is done. What no pointer did (a key, a script) has no beginning and always counts.
 */
export class RowPress {
	readonly #shown: () => number;
	#begun: number | null = null;

	/** @param shown the message the element shows now */
	constructor(shown: () => number) {
		this.#shown = shown;
	}

	begin = (): void => {
		this.#begun = this.#shown();
	};

	/** Whether the press that ends with this click began on the same message. */
	isWhole({ detail }: Pick<MouseEvent, 'detail'>): boolean {
		return detail === 0 || this.#begun === this.#shown();
	}
}
