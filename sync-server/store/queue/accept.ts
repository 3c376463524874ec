import type { EnvelopeId } from '#schema/ids.ts';
import { perDatabase, type Database } from '../drizzle.ts';
import type { Operation } from '../file-kind.ts';
import { addEnvelope, laneOf, type NewDelivery, type NewEnvelope } from './envelope.ts';

/** How long after an accept its repeat may be dropped, milliseconds. */
export const repeatWindow = 3_600_000;

/**
 * What became of the connection an accept came over: `heard`, its client sent another command, so it knows;
 * `broken`, it ended before that.
 */
export interface Ending {
	readonly envelope: EnvelopeId;
	readonly ending: 'heard' | 'broken';
}

export interface AcceptInput {
	readonly envelope: NewEnvelope;
	/** Endings that are not yet stored; they count for this accept. */
	readonly endings: readonly Ending[];
}

/** What was stored of an envelope. */
export interface AcceptAnswer {
	/** Recipients left out because this repeats what they were already sent. */
	readonly dropped: readonly string[];
	/** Whether anything is left, and so the envelope is stored. */
	readonly stored: boolean;
	/** Envelopes whose ending this connection now decides. */
	readonly guarded: readonly EnvelopeId[];
	/** The envelope's position: higher than that of every envelope that was there before. */
	readonly position: number;
	/** Whether what goes inside was leased where that was asked; not while others wait to be taken before it. */
	readonly leasedInside: boolean;
}

const statements = perDatabase(({ $client }) => ({
	// A tentative envelope may still be taken back, so nothing may be dropped for its sake.
	broken: $client
		.prepare(
			`SELECT envelope FROM repeat_guard WHERE fingerprint = ? AND ending = 'broken' AND accepted_at > ?
				AND NOT EXISTS (SELECT 1 FROM envelope WHERE id = repeat_guard.envelope AND state = 'tentative') LIMIT 1`
		)
		.raw(),
	reopen: $client.prepare(`UPDATE repeat_guard SET ending = 'open' WHERE envelope = ? AND fingerprint = ?`),
	guard: $client.prepare(
		`INSERT OR IGNORE INTO repeat_guard (fingerprint, envelope, accepted_at, ending) VALUES (?, ?, ?, 'open')`
	),
	heard: $client.prepare(`DELETE FROM repeat_guard WHERE envelope = ? AND ending = 'open'`),
	due: $client
		.prepare(
			`SELECT 1 FROM delivery WHERE destination = 'inside' AND state = 'queued' AND leased = 0 AND next_at <= ? LIMIT 1`
		)
		.raw(),
	breakOff: $client.prepare(`UPDATE repeat_guard SET ending = 'broken' WHERE envelope = ?`)
}));

function end(database: Database, endings: readonly Ending[]): void {
	const { heard, breakOff } = statements(database);
	for (const { envelope, ending } of endings) (ending === 'heard' ? heard : breakOff).run(envelope);
}

/** The envelope that a delivery repeats, which this accept now stands for; null where it repeats none. */
function repeated(database: Database, { guard }: NewDelivery, now: number): EnvelopeId | null {
	if (guard === null) return null;
	const { broken, reopen } = statements(database);
	const earlier = broken.get(guard, now - repeatWindow)?.[0];
	if (typeof earlier !== 'string') return null;
	reopen.run(earlier, guard);
	return earlier as EnvelopeId;
}

/** What waits to be taken was accepted before; so this waits behind it. */
function withoutLeaseInside(delivery: NewDelivery): NewDelivery {
	return laneOf(delivery.destination) === 'inside' ? { ...delivery, leased: false } : delivery;
}

/** Stores an envelope, leaving out recipients for whom it is a repeat; the one commit of an accept. */
const accept: Operation<AcceptInput, AcceptAnswer> = {
	mode: 'write',
	run(database, { envelope, endings }, { now }) {
		end(database, endings);
		const guarded = new Set<EnvelopeId>();
		const dropped: string[] = [];
		const added = envelope.deliveries.filter((delivery) => {
			const earlier = repeated(database, delivery, now);
			if (earlier === null) return true;
			guarded.add(earlier);
			dropped.push(delivery.recipient);
			return false;
		});
		const answer = { dropped, stored: false, position: 0, leasedInside: true };
		if (added.length === 0) return { ...answer, guarded: [...guarded] };
		const leasedInside = statements(database).due.get(now) === undefined;
		const leased = leasedInside ? added : added.map(withoutLeaseInside);
		const position = addEnvelope(database, envelope, leased, now);
		for (const { guard } of added) {
			if (guard === null) continue;
			statements(database).guard.run(guard, envelope.id, now);
			guarded.add(envelope.id);
		}
		return { ...answer, stored: true, guarded: [...guarded], position, leasedInside };
	}
};

/** Stores what became of connections. */
const endings: Operation<{ readonly endings: readonly Ending[] }, null> = {
	mode: 'write',
	run(database, input) {
		end(database, input.endings);
		return null;
	}
};

export const acceptOperations = { accept, endings };
