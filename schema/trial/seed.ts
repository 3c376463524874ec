import { inject } from 'vitest';

declare module 'vitest' {
	export interface ProvidedContext {
		/** HONGYAN_SEED, or a new one in each run. */
		readonly seed: number;
	}
}

/** The seed of this run of the tests. It is printed, so that a run that failed can be repeated. */
export function seedOfRun(test: string): number {
	const seed = inject('seed');
	console.log(`${test}: HONGYAN_SEED=${seed}`);
	return seed;
}
