import type { Clock } from '#lib/platform/clock.ts';

/** How long a still may stand for the app while what the device holds is read, milliseconds. */
const patience = 2_000;

/** Resolves when what the device holds is in memory, or when it took too long. */
export async function readBehindStill(loaded: Promise<unknown>, clock: Pick<Clock, 'after'>): Promise<void> {
	const { promise: late, resolve } = Promise.withResolvers<undefined>();
	const cancel = clock.after(patience, () => resolve(undefined));
	await Promise.race([loaded, late]);
	cancel();
}
