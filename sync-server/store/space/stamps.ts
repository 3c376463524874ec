import type { Stamp } from '#schema/docs/registers.ts';
import type { DeviceId } from '#schema/ids.ts';
import { devices } from '#schema/tables/space.ts';
import { eq, type Database } from '../drizzle.ts';
import { spaceOf } from './space-row.ts';

/** What the server remembers of the stamps it gave one device. */
export interface DeviceClock {
	/** The greatest stamp given to changes that came in order. */
	readonly time: number;
	readonly counter: number;
	/** How many changes came out of order. */
	readonly outOfOrder: number;
}

const newDeviceClock: DeviceClock = { time: -1, counter: 0, outOfOrder: 0 };

/** Counters from here up belong to changes that came out of order; a device never counts so far. */
const outOfOrderCounters = 1_000_000_000;

/**
 * The stamp the server gives a change, and the clock after it. It keeps what the device says unless that lies
 * ahead of server time, is not above everything the device already has, or counts absurdly far; and it
 * never gives one device the same stamp twice ([S13], [S14]).
 */
export function assignStamp(
	clock: DeviceClock,
	pushed: { readonly time: number; readonly counter: number },
	now: number
): { readonly clock: DeviceClock; readonly time: number; readonly counter: number } {
	const inOrder = (time: number, counter: number) => ({ clock: { ...clock, time, counter }, time, counter });
	if (pushed.time > now) {
		return now > clock.time ? inOrder(now, 0) : inOrder(clock.time, clock.counter + 1);
	}
	const isAbove = pushed.time > clock.time || (pushed.time === clock.time && pushed.counter > clock.counter);
	if (isAbove && pushed.counter < outOfOrderCounters) return inOrder(pushed.time, pushed.counter);
	const outOfOrder = clock.outOfOrder + 1;
	return { clock: { ...clock, outOfOrder }, time: pushed.time, counter: outOfOrderCounters + outOfOrder };
}

/** The clock of a device that pushes, as it was left. */
export function readClock(database: Database, device: DeviceId): DeviceClock {
	return database.select().from(devices).where(eq(devices.id, device)).get() ?? newDeviceClock;
}

/** Remembers the clock of a device. */
export function writeClock(database: Database, id: DeviceId, clock: DeviceClock): void {
	const { time, counter, outOfOrder } = clock;
	database
		.insert(devices)
		.values({ id, time, counter, outOfOrder })
		.onConflictDoUpdate({ target: devices.id, set: { time, counter, outOfOrder } })
		.run();
}

/** The device in whose name the server itself writes registers. */
const serverDevice = 'server' as DeviceId;

/** Stamps for the server's own writes, each above every stamp of the space. */
export function serverStamps(database: Database, now: number): () => Stamp {
	const space = spaceOf(database);
	let { clockTime: time, clockCounter: counter } = space;
	return () => {
		if (now > time) [time, counter] = [now, 0];
		else counter += 1;
		return { time, counter, device: serverDevice };
	};
}
