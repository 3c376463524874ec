import type { Change, Entry } from '#schema/space/entry.ts';
import { perDatabase, type Database } from '../drizzle.ts';
import { applyText } from './apply-documents.ts';
import { applyArrived, applyJoined, applyRestored, applyWithdrawn } from './apply-messages.ts';
import { applyRegisters } from './apply-registers.ts';
import { applyDelivery, applySubmission } from './apply-submissions.ts';

function applyChange(database: Database, seq: number, change: Change): void {
	switch (change.kind) {
		case 'arrived':
			return applyArrived(database, seq, change.message);
		case 'joined':
			return applyJoined(database, seq, change.into, change.from);
		case 'withdrawn':
			return applyWithdrawn(database, seq, change.arrivals);
		case 'restored':
			return applyRestored(database, seq, change.arrivals);
		case 'submission':
			return applySubmission(database, change.submission);
		case 'delivery':
			return applyDelivery(database, change.delivery);
		case 'registers':
			return applyRegisters(database, seq, change);
		case 'text':
			return applyText(database, seq, change.document, change.update);
	}
}

/** How far an entry takes the space: numbers of messages and the greatest stamp in it. */
function reachOf(changes: readonly Change[]) {
	const reach = { arrivals: 0, time: 0, counter: 0 };
	for (const change of changes) {
		if (change.kind === 'arrived') reach.arrivals = Math.max(reach.arrivals, change.message.arrival + 1);
		if (change.kind !== 'registers') continue;
		const { time, counter } = change.stamp;
		const isLater = time > reach.time || (time === reach.time && counter > reach.counter);
		if (isLater) Object.assign(reach, { time, counter });
	}
	return reach;
}

const statements = perDatabase(({ $client }) => ({
	advance: $client.prepare(
		`UPDATE space SET head = ?, arrivals = max(arrivals, ?),
			clock_counter = CASE WHEN clock_time > ? THEN clock_counter
				WHEN clock_time = ? THEN max(clock_counter, ?) ELSE ? END,
			clock_time = max(clock_time, ?)`
	)
}));

/**
 * Brings the tables from the state before an entry to the state after it. Depends on nothing but the two:
 * no clock, no chance, no parsing; so a log gives the same tables wherever it is applied.
 */
export function applyEntry(database: Database, entry: Entry): void {
	for (const change of entry.changes) applyChange(database, entry.seq, change);
	const { arrivals, time, counter } = reachOf(entry.changes);
	statements(database).advance.run(entry.seq, arrivals, time, time, counter, counter, time);
}
