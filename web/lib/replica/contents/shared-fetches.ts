import type { FetchWatch } from '../contents.ts';

interface UnderWay {
	readonly answer: Promise<unknown>;
	readonly watches: Set<FetchWatch>;
	readonly givenUp: AbortController;
	received: number | undefined;
}

interface Cancelled {
	readonly kind: 'failed';
	readonly code: 'cancelled';
}

const cancelled: Cancelled = { kind: 'failed', code: 'cancelled' };

/**
 * What is being read or fetched. What several want at once is fetched once and tells all of them how far it is;
 * it goes on while one of them wants it.
 */
export class SharedFetches {
	readonly #underWay = new Map<string, UnderWay>();

	/** Runs, or joins what runs under that key; answers `cancelled` as soon as this watch is given up. */
	async once<Answer>(
		key: string,
		watch: FetchWatch | undefined,
		run: (all: FetchWatch) => Promise<Answer>
	): Promise<Answer | Cancelled> {
		const { signal, progress } = watch ?? {};
		if (signal?.aborted === true) return cancelled;
		const shared = this.#underWay.get(key) ?? this.#start(key, run);
		const own: FetchWatch = { progress };
		shared.watches.add(own);
		if (shared.received !== undefined) progress?.(shared.received);
		const answer = shared.answer as Promise<Answer>;
		if (signal === undefined) return answer;
		const leaving = Promise.withResolvers<Cancelled>();
		const leave = () => {
			shared.watches.delete(own);
			if (shared.watches.size === 0) this.#giveUp(key, shared);
			leaving.resolve(cancelled);
		};
		signal.addEventListener('abort', leave, { once: true });
		try {
			return await Promise.race([answer, leaving.promise]);
		} finally {
			signal.removeEventListener('abort', leave);
		}
	}

	#start(key: string, run: (all: FetchWatch) => Promise<unknown>): UnderWay {
		const watches = new Set<FetchWatch>();
		const givenUp = new AbortController();
		const progress = (received: number) => {
			shared.received = received;
			for (const each of watches) each.progress?.(received);
		};
		const answer = run({ signal: givenUp.signal, progress }).finally(() => {
			if (this.#underWay.get(key) === shared) this.#underWay.delete(key);
		});
		const shared: UnderWay = { answer, watches, givenUp, received: undefined };
		this.#underWay.set(key, shared);
		return shared;
	}

	/** Nobody wants it any more; who asks from now on begins anew. */
	#giveUp(key: string, shared: UnderWay): void {
		if (this.#underWay.get(key) === shared) this.#underWay.delete(key);
		shared.answer.catch(() => undefined);
		shared.givenUp.abort();
	}
}
