/** A question before something that can't be undone; the button names the verb and the count. */
export interface Question {
	/** `danger`: something is destroyed. */
	readonly tone: 'plain' | 'danger';
	readonly title: string;
	readonly text: string;
	readonly button: string;
}

/** A question that waits for its answer. */
interface AskedQuestion {
	readonly question: Question;
	readonly answer: (yes: boolean) => void;
}

let asked = $state.raw<AskedQuestion | null>(null);

/** The question on the screen, if any. */
export function askedQuestion(): AskedQuestion | null {
	return asked;
}

/** Takes the question away, unanswered: that is a no. */
export function dropQuestion(): void {
	asked?.answer(false);
}

/** Asks, and resolves with the answer; dismissing is a no. */
export function ask(question: Question): Promise<boolean> {
	asked?.answer(false);
	return new Promise((resolve) => {
		asked = {
			question,
			answer: (yes) => {
				asked = null;
				resolve(yes);
			}
		};
	});
}
