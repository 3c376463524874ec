import { setTimeout as pause } from 'node:timers/promises'; // eslint-disable-line no-restricted-syntax -- see below

/** Pause between two looks, milliseconds. */
const between = 50;

/**
 * Looks again and again at another process, which tells nobody when it gets there, until `look` answers
 * something; answers that. Throws, naming what was waited for, when the time (ms) is over. What a process does
 * tell (a frame, a letter, its end) is waited for as such.
 */
export async function until<Found>(
	awaited: string,
	within: number,
	look: () => Promise<Found | undefined>
): Promise<Found> {
	const deadline = AbortSignal.timeout(within);
	for (;;) {
		const found = await look();
		if (found !== undefined) return found;
		if (deadline.aborted) throw new Error(`Waited ${within / 1000} s in vain for ${awaited}.`);
		await pause(between);
	}
}
