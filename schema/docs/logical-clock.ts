import type { DeviceId } from '../ids.ts';
import type { Stamp } from './registers.ts';

/** A device's hybrid logical clock: the last stamp it made or saw. Stored, and advanced with each write. */
export interface LogicalClock {
	readonly time: number;
	readonly counter: number;
}

/** The next stamp at the device's time `now` (ms), greater than every stamp made or seen before. */
export function tick(
	clock: LogicalClock,
	now: number,
	device: DeviceId
): { clock: LogicalClock; stamp: Stamp } {
	const next: LogicalClock =
		now > clock.time ? { time: now, counter: 0 } : { time: clock.time, counter: clock.counter + 1 };
	return { clock: next, stamp: { ...next, device } };
}
