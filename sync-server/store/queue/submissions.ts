import type { EnvelopeId, SpaceId, SubmissionId } from '#schema/ids.ts';
import { deliveries, envelopes, repeatGuards } from '#schema/tables/queue.ts';
import { and, asc, eq, inArray, sql, type Database } from '../drizzle.ts';
import type { Operation } from '../file-kind.ts';
import { addressesOf, dropEnvelope } from './envelope.ts';

/** An envelope whose sender's space decides what happens next. */
export interface WaitingEnvelope {
	readonly envelope: EnvelopeId;
	readonly space: SpaceId;
	readonly submission: SubmissionId;
	readonly state: 'tentative' | 'held';
}

/** Lets a tentative or held envelope go on: held until `until` (milliseconds UTC), or active now where null. */
const decide: Operation<{ readonly envelope: EnvelopeId; readonly until: number | null }, null> = {
	mode: 'write',
	run(database, { envelope, until }, { now }) {
		const isWaiting = and(eq(envelopes.id, envelope), inArray(envelopes.state, ['tentative', 'held']));
		const state = until === null ? 'active' : 'held';
		database
			.update(envelopes)
			.set({ state, activeAt: until ?? now })
			.where(isWaiting)
			.run();
		if (until !== null) return null;
		database
			.update(deliveries)
			.set({ state: 'queued', nextAt: now })
			.where(and(eq(deliveries.envelope, envelope), eq(deliveries.state, 'waiting')))
			.run();
		return null;
	}
};

/** What is to be asked about again, and from when on (milliseconds UTC). */
interface PuttingOff {
	readonly envelope: EnvelopeId;
	/** As it was found; one that has gone on since is left alone. */
	readonly state: 'tentative' | 'held';
	readonly until: number;
}

/** Leaves an envelope waiting whose space gave no answer, so that others are asked about before it. */
const putOff: Operation<PuttingOff, null> = {
	mode: 'write',
	run(database, { envelope, state, until }) {
		database
			.update(envelopes)
			.set({ activeAt: until })
			.where(and(eq(envelopes.id, envelope), eq(envelopes.state, state)))
			.run();
		return null;
	}
};

/** Takes back an envelope that is not active: the space said no, or it was cancelled. */
const discard: Operation<{ readonly envelope: EnvelopeId }, null> = {
	mode: 'write',
	run(database, { envelope }) {
		const found = database
			.select({ state: envelopes.state })
			.from(envelopes)
			.where(eq(envelopes.id, envelope))
			.get();
		if (found === undefined || found.state === 'active') return null;
		dropEnvelope(database, envelope);
		database.delete(repeatGuards).where(eq(repeatGuards.envelope, envelope)).run();
		return null;
	}
};

/**
 * Envelopes that wait for their space's word: held ones whose time has come, tentative ones older than
 * `tentativeFor` milliseconds.
 */
const waiting: Operation<{ readonly tentativeFor: number; readonly limit: number }, WaitingEnvelope[]> = {
	mode: 'read',
	run(database, { tentativeFor, limit }, { now }) {
		const rows = database
			.select({
				envelope: envelopes.id,
				space: envelopes.space,
				submission: envelopes.submission,
				state: envelopes.state
			})
			.from(envelopes)
			.where(
				sql`${envelopes.state} <> 'active' and ((${envelopes.state} = 'held' and ${envelopes.activeAt} <= ${now}) or (${envelopes.state} = 'tentative' and ${envelopes.activeAt} <= ${now - tentativeFor}))`
			)
			.orderBy(asc(envelopes.activeAt))
			.limit(limit)
			.all();
		return rows.flatMap(({ envelope, space, submission, state }) =>
			space === null || submission === null || state === 'active'
				? []
				: [{ envelope, space, submission, state }]
		);
	}
};

/** A submission by its whole name: devices choose ids, so another space may have the same one. */
interface NamedSubmission {
	readonly space: SpaceId;
	readonly submission: SubmissionId;
}

function envelopesOfSubmission(database: Database, { space, submission }: NamedSubmission): EnvelopeId[] {
	return database
		.select({ id: envelopes.id })
		.from(envelopes)
		.where(and(eq(envelopes.submission, submission), eq(envelopes.space, space)))
		.all()
		.map(({ id }) => id);
}

/** Envelopes of a submission that are still in the queue. */
const envelopesOf: Operation<NamedSubmission, EnvelopeId[]> = {
	mode: 'read',
	run: envelopesOfSubmission
};

/** Deliveries that are tried once more. */
export interface SentAgain {
	readonly recipients: readonly string[];
	/** Whether the queue knows the submission at all; it forgets those that are done. */
	readonly known: boolean;
}

/** Queues the deliveries of unknown fate of a submission once more. */
const sendAgain: Operation<NamedSubmission, SentAgain> = {
	mode: 'write',
	run(database, named, { now }) {
		const ids = envelopesOfSubmission(database, named);
		const unknown = and(inArray(deliveries.envelope, ids), eq(deliveries.state, 'unknown'));
		const rows = database
			.select({ recipient: deliveries.recipient, also: deliveries.also })
			.from(deliveries)
			.where(unknown)
			.all();
		const again = {
			state: 'queued',
			attempts: 0,
			nextAt: now,
			reported: true,
			status: null,
			detail: ''
		} as const;
		database.update(deliveries).set(again).where(unknown).run();
		database
			.update(envelopes)
			.set({ activeAt: now })
			.where(and(inArray(envelopes.id, ids), eq(envelopes.state, 'active')))
			.run();
		return { recipients: rows.flatMap(addressesOf), known: ids.length > 0 };
	}
};

export const submissionOperations = {
	decide,
	discard,
	'put-off': putOff,
	waiting,
	'envelopes-of': envelopesOf,
	'send-again': sendAgain
};
