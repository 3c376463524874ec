import type { Stamp } from '#schema/docs/registers.ts';
import type { DeviceId } from '#schema/ids.ts';
import { devices } from '#schema/tables/space.ts';
import { eq, type Database } from '../drizzle.ts';
import { spaceOf } from './space-row.ts';

/** What the server remembers of the stamps it gave one device. */
export interface GivenStamps {
	/** The greatest stamp given to changes that came in order. */
	readonly time: number;
	readonly counter: number;
	/** How many changes came out of order. */
	readonly outOfOrder: number;
}

const noStamps: GivenStamps = { time: -1, counter: 0, outOfOrder: 0 };

/** Counters from here up belong to changes that came out of order; a device never counts so far. */
const outOfOrderCounters = 1_000_000_000;

/**
 * The stamp the server gives a change, and what was given after it. It keeps what the device says unless that lies
 * ahead of server time, is not above everything the device already has, or counts absurdly far; and it
 * never gives one device the same stamp twice ([S13], [S14]).
 */
export function assignStamp(
	given: GivenStamps,
	pushed: { readonly time: number; readonly counter: number },
	now: number
): { readonly given: GivenStamps; readonly time: number; readonly counter: number } {
	const inOrder = (time: number, counter: number) => ({ given: { ...given, time, counter }, time, counter });
	if (pushed.time > now) {
		return now > given.time ? inOrder(now, 0) : inOrder(given.time, given.counter + 1);
	}
	const isAbove = pushed.time > given.time || (pushed.time === given.time && pushed.counter > given.counter);
	if (isAbove && pushed.counter < outOfOrderCounters) return inOrder(pushed.time, pushed.counter);
	const outOfOrder = given.outOfOrder + 1;
	return { given: { ...given, outOfOrder }, time: pushed.time, counter: outOfOrderCounters + outOfOrder };
}

/** The stamps a device that pushes was given so far. */
export function readGivenStamps(database: Database, device: DeviceId): GivenStamps {
	return database.select().from(devices).where(eq(devices.id, device)).get() ?? noStamps;
}

/** Remembers the stamps a device was given. */
export function writeGivenStamps(database: Database, id: DeviceId, given: GivenStamps): void {
	const { time, counter, outOfOrder } = given;
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
