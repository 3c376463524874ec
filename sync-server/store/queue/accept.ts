import type { DeliveryId } from '#schema/ids.ts';
import { envelopes, repeatGuards } from '#schema/tables/queue.ts';
import { and, eq, perDatabase, sql, type Database } from '../drizzle.ts';
import type { Operation } from '../file-kind.ts';
import { addEnvelope, type NewDelivery, type NewEnvelope } from './envelope.ts';

/** How long after an accept its repeat may be dropped, milliseconds. */
export const repeatWindow = 3_600_000;

/**
 * What became of the connection an accept came over: `heard`, its client sent another command, so it knows;
 * `broken`, it ended before that.
 */
export interface Ending {
	readonly envelope: DeliveryId;
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
	readonly guarded: readonly DeliveryId[];
}

const queries = perDatabase((database) => {
	const value = sql.placeholder;
	return {
		broken: database
			.select({ envelope: repeatGuards.envelope })
			.from(repeatGuards)
			.where(
				and(
					sql`${repeatGuards.fingerprint} = ${value('fingerprint')} and ${repeatGuards.ending} = 'broken' and ${repeatGuards.acceptedAt} > ${value('after')}`,
					// A tentative envelope may still be taken back, so nothing may be dropped for its sake.
					sql`not exists (select 1 from ${envelopes} where ${envelopes.id} = ${repeatGuards.envelope} and ${envelopes.state} = 'tentative')`
				)
			)
			.limit(1)
			.prepare(),
		reopen: database
			.update(repeatGuards)
			.set({ ending: 'open' })
			.where(
				and(
					eq(repeatGuards.envelope, value('envelope')),
					eq(repeatGuards.fingerprint, value('fingerprint'))
				)
			)
			.prepare(),
		guard: database
			.insert(repeatGuards)
			.values({
				fingerprint: value('fingerprint'),
				envelope: value('envelope'),
				acceptedAt: value('now'),
				ending: 'open'
			})
			.onConflictDoNothing()
			.prepare(),
		heard: database
			.delete(repeatGuards)
			.where(sql`${repeatGuards.envelope} = ${value('envelope')} and ${repeatGuards.ending} = 'open'`)
			.prepare(),
		breakOff: database
			.update(repeatGuards)
			.set({ ending: 'broken' })
			.where(eq(repeatGuards.envelope, value('envelope')))
			.prepare()
	};
});

function end(database: Database, endings: readonly Ending[]): void {
	const { heard, breakOff } = queries(database);
	for (const { envelope, ending } of endings) (ending === 'heard' ? heard : breakOff).run({ envelope });
}

/** The envelope that a delivery repeats, which this accept now stands for; null where it repeats none. */
function repeated(database: Database, delivery: NewDelivery, now: number): DeliveryId | null {
	if (delivery.guard === null) return null;
	const fingerprint = Buffer.from(delivery.guard);
	const { broken, reopen } = queries(database);
	const earlier = broken.get({ fingerprint, after: now - repeatWindow });
	if (earlier === undefined) return null;
	reopen.run({ envelope: earlier.envelope, fingerprint });
	return earlier.envelope;
}

/** Stores an envelope, leaving out recipients for whom it is a repeat; the one commit of an accept. */
const accept: Operation<AcceptInput, AcceptAnswer> = {
	mode: 'write',
	run(database, { envelope, endings }, { now }) {
		end(database, endings);
		const guarded = new Set<DeliveryId>();
		const dropped: string[] = [];
		const added = envelope.deliveries.filter((delivery) => {
			const earlier = repeated(database, delivery, now);
			if (earlier === null) return true;
			guarded.add(earlier);
			dropped.push(delivery.recipient);
			return false;
		});
		if (added.length === 0) return { dropped, stored: false, guarded: [...guarded] };
		addEnvelope(database, envelope, added, now);
		for (const { guard } of added) {
			if (guard === null) continue;
			queries(database).guard.run({ fingerprint: Buffer.from(guard), envelope: envelope.id, now });
			guarded.add(envelope.id);
		}
		return { dropped, stored: true, guarded: [...guarded] };
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
