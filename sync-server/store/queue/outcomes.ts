import type { EnvelopeId, SpaceId } from '#schema/ids.ts';
import type { DeliveryFact, DeliveryState } from '#schema/mail/message.ts';
import { deliveries, envelopes } from '#schema/tables/queue.ts';
import { and, asc, eq, inArray, isNotNull, perDatabase, sql, type Database } from '../drizzle.ts';
import type { Operation } from '../file-kind.ts';
import { StoreError } from '../store-error.ts';
import { addEnvelope, addressesOf, dropIfDone, type NewEnvelope } from './envelope.ts';

/** What an attempt at one delivery came to. */
export type Outcome = {
	readonly envelope: EnvelopeId;
	readonly recipient: string;
	/** Whether it is a submission's, whose sender has to be told. */
	readonly told: boolean;
	/** Enhanced status code (RFC 3463), where there is one. */
	readonly status: string | null;
	/** The other server's words or a code of ours, at most 500 characters. */
	readonly detail: string;
} & (
	| { readonly kind: 'delivered' | 'failed' | 'unknown' }
	/** To be tried again at `nextAt`, milliseconds UTC. */
	| { readonly kind: 'deferred'; readonly nextAt: number }
);

export interface SettleInput {
	readonly outcomes: readonly Outcome[];
	/** Accepted together with the failures they tell of. */
	readonly bounces: readonly NewEnvelope[];
}

/** An outcome that the sender's space has still to be told. */
export interface Report {
	readonly envelope: EnvelopeId;
	readonly space: SpaceId;
	readonly fact: DeliveryFact;
}

/** Names a report that the sender's space has taken. */
export interface Reported {
	readonly envelope: EnvelopeId;
	readonly recipient: string;
	/** `at` of the fact, so that a later outcome is not taken for reported. */
	readonly at: number;
}

const statements = perDatabase(({ $client }) => ({
	remove: $client.prepare('DELETE FROM delivery WHERE envelope = ? AND recipient = ?'),
	settle: $client.prepare(
		`UPDATE delivery SET state = ?, leased = 0, data_started = 0, status = ?, detail = ?, settled_at = ?,
			next_at = ?, attempts = attempts + 1, reported = ? WHERE envelope = ? AND recipient = ?`
	)
}));

function settleOne(database: Database, outcome: Outcome, now: number): void {
	const { envelope, recipient, told, status, detail } = outcome;
	const { remove, settle } = statements(database);
	if (outcome.kind === 'deferred') {
		settle.run('queued', status, detail.slice(0, 500), now, outcome.nextAt, !told, envelope, recipient);
	} else if (told) {
		settle.run(outcome.kind, status, detail.slice(0, 500), now, now, false, envelope, recipient);
	} else remove.run(envelope, recipient);
}

/** States a sender is told of; `waiting` is none of them. */
const toldStates: Readonly<Record<string, DeliveryState>> = {
	queued: 'deferred',
	delivered: 'delivered',
	failed: 'failed',
	unknown: 'unknown'
};

function reportsWhere(database: Database, ids: readonly EnvelopeId[] | null, limit: number): Report[] {
	const isUnreported = sql`${deliveries.reported} = 0`;
	const rows = database
		.select({ delivery: deliveries, space: envelopes.space, submission: envelopes.submission })
		.from(deliveries)
		.innerJoin(envelopes, eq(envelopes.id, deliveries.envelope))
		.where(
			and(
				isUnreported,
				isNotNull(envelopes.submission),
				ids === null ? undefined : inArray(deliveries.envelope, [...ids])
			)
		)
		.orderBy(asc(deliveries.settledAt))
		.limit(limit)
		.all();
	return rows.flatMap(({ delivery, space, submission }) => {
		const state = toldStates[delivery.state];
		if (space === null || submission === null || state === undefined) {
			throw new StoreError('broken', 'a delivery in no state to be reported');
		}
		const { envelope, status, detail, settledAt: at } = delivery;
		return addressesOf(delivery).map((recipient) => {
			return { envelope, space, fact: { submission, recipient, state, status, detail, at } };
		});
	});
}

function idsOf(outcomes: readonly Outcome[]): EnvelopeId[] {
	return [...new Set(outcomes.map(({ envelope }) => envelope))];
}

/** Stores outcomes, with bounces for the failures among them; answers what senders have to be told of these. */
const settle: Operation<SettleInput, Report[]> = {
	mode: 'write',
	run(database, { outcomes, bounces }, { now }) {
		for (const outcome of outcomes) settleOne(database, outcome, now);
		for (const bounce of bounces) addEnvelope(database, bounce, bounce.deliveries, now);
		for (const id of idsOf(outcomes)) dropIfDone(database, id);
		const told = idsOf(outcomes.filter((outcome) => outcome.told));
		return told.length === 0 ? [] : reportsWhere(database, told, 10_000);
	}
};

/** What senders' spaces have still to be told of so many deliveries, the oldest first. */
const unreported: Operation<{ readonly limit: number }, Report[]> = {
	mode: 'read',
	run: (database, { limit }) => reportsWhere(database, null, limit)
};

/** Forgets outcomes that the sender's space has taken. */
const reported: Operation<{ readonly reports: readonly Reported[] }, null> = {
	mode: 'write',
	run(database, { reports }) {
		for (const { envelope, recipient, at } of reports) {
			const same = and(
				eq(deliveries.envelope, envelope),
				eq(deliveries.recipient, recipient),
				eq(deliveries.settledAt, at)
			);
			database
				.delete(deliveries)
				.where(and(same, inArray(deliveries.state, ['delivered', 'failed'])))
				.run();
			database.update(deliveries).set({ reported: true }).where(same).run();
			dropIfDone(database, envelope);
		}
		return null;
	}
};

export const outcomeOperations = { settle, unreported, reported };
