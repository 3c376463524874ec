import type { Store } from '../../store/store.ts';

/** A store whose process is killed at one of its calls: from then on nothing is answered and nothing happens. */
export class KillSwitch {
	readonly #killed = Promise.withResolvers<'killed'>();
	readonly #at: number;
	readonly #when: 'before' | 'after';
	#calls = 0;
	/** The call it was killed at. */
	fatal = 'never';

	/** @param when whether the call's commit is still made */
	constructor(at: number, when: 'before' | 'after') {
		this.#at = at;
		this.#when = when;
	}

	/** Resolves when the process is dead. */
	get killed(): Promise<'killed'> {
		return this.#killed.promise;
	}

	get calls(): number {
		return this.#calls;
	}

	/** The store as the process sees it. */
	over(store: Store): Store {
		return {
			...store,
			file: (kind, path) => {
				const file = store.file(kind, path);
				return { call: (...call) => this.#call(call[0], () => file.call(...call)) as never };
			}
		};
	}

	async #call(operation: string, run: () => Promise<unknown>): Promise<unknown> {
		this.#calls += 1;
		if (this.#calls < this.#at) return run();
		if (this.#calls === this.#at) {
			this.fatal = operation;
			if (this.#when === 'after') await run();
			this.#killed.resolve('killed');
		}
		return new Promise(() => undefined);
	}
}
