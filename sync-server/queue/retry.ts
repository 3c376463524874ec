const minute = 60_000;
const hour = 60 * minute;

/** Pauses between attempts, milliseconds; the last one repeats. */
const pauses = [minute, 5 * minute, 15 * minute, 30 * minute, hour, 2 * hour, 4 * hour] as const;

/** How long a delivery is tried before it has failed, milliseconds (RFC 5321 section 4.5.4.1: 4 to 5 days). */
export const triedFor = 5 * 24 * hour;

/** How long a delivery of unknown fate is kept so that it can be sent again, milliseconds. */
export const unknownKeptFor = 30 * 24 * hour;

/** The pause after the `attempts`-th attempt (1 is the first), milliseconds. */
export function pauseAfter(attempts: number): number {
	return pauses[Math.min(Math.max(attempts, 1), pauses.length) - 1] ?? 4 * hour;
}

/**
 * When a delivery is tried next; null where it has been tried for long enough and has failed.
 *
 * @param attempts how many attempts there were, the one just made among them
 * @param since when its envelope became active, milliseconds UTC
 * @param now milliseconds UTC
 */
export function nextAttempt(attempts: number, since: number, now: number): number | null {
	if (now - since >= triedFor) return null;
	return Math.min(now + pauseAfter(attempts), since + triedFor);
}
