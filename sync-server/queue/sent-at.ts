import type { ComposedLetter } from '#schema/mail/submission.ts';
import { zoneOf, type ZonedInstant } from '#schema/zoned-instant.ts';

/** A letter may lie in an outbox this long, and a device's clock may be ahead this much; milliseconds. */
const oldestDate = 30 * 24 * 3_600_000;
const newestDate = 10 * 60_000;

/** When and where its writer sent a letter: the device's date unless its clock is absurd, in the zone it told. */
export function sentAtOf({ date, zone }: ComposedLetter, now: number): ZonedInstant {
	const isAbsurd = date < now - oldestDate || date > now + newestDate;
	return { at: isAbsurd ? now : date, zone: zoneOf(zone) };
}
