import { expect, it } from 'vitest';
import { readBehindStill } from './read-behind-still.ts';

/** A clock whose one alarm rings when the test says so, and what was asked of it. */
function oneAlarm() {
	const asked: number[] = [];
	let ring: () => void = () => undefined;
	let isCancelled = false;
	return {
		asked,
		ring: () => ring(),
		isCancelled: () => isCancelled,
		after(milliseconds: number, run: () => void) {
			asked.push(milliseconds);
			ring = run;
			return () => (isCancelled = true);
		}
	};
}

it('[R76] the app takes the still’s place when what the device holds was read', async () => {
	const clock = oneAlarm();
	await readBehindStill(Promise.resolve(), clock);
	expect(clock.isCancelled()).toBe(true);
});

it('[R76] the app takes the still’s place after two seconds, whatever was read until then', async () => {
	const clock = oneAlarm();
	let isOver = false;
	const reading = readBehindStill(new Promise(() => undefined), clock).then(() => (isOver = true));
	expect(clock.asked).toEqual([2_000]);
	await new Promise((resolve) => setTimeout(resolve, 0));
	expect(isOver).toBe(false);
	clock.ring();
	await reading;
});
