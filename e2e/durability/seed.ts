import { randomInt } from 'node:crypto';

/** A source of chance that can be run again: mulberry32. */
export function seededChance(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = Math.imul(state ^ (state >>> 15), state | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};
}

/** The seed of this run: HONGYAN_SEED, or a new one. It is printed, so that a failing run can be repeated. */
export function seedOfRun(name: string): number {
	const given = process.env['HONGYAN_SEED'];
	const seed = given === undefined ? randomInt(1, 2 ** 31) : Number(given);
	console.log(`${name}: HONGYAN_SEED=${seed}`);
	return seed;
}
