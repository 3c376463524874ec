/** What the queue tells whoever measures; each call adds to a count. */
export interface QueueCounters {
	/** An accept was committed; `recipients` of it were stored, `dropped` were repeats. */
	accepted(recipients: number, dropped: number): void;
	/** An attempt at deliveries ended. */
	settled(
		destination: 'inside' | 'outside',
		outcome: 'delivered' | 'failed' | 'unknown' | 'deferred',
		deliveries: number
	): void;
	bounced(): void;
	/** A submission was answered: accepted, a replay, or refused. */
	submitted(answer: 'accepted' | 'replayed' | 'refused'): void;
}

/** Counts nothing. */
export const noCounters: QueueCounters = {
	accepted: () => undefined,
	settled: () => undefined,
	bounced: () => undefined,
	submitted: () => undefined
};
