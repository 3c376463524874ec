import { deliveries, envelopes, repeatGuards } from '#schema/tables/queue.ts';
import { blobHashOf, type BlobKey } from '../blobs/blob-store.ts';
import { and, count, eq, inArray, isNull, lt, lte, sql } from '../drizzle.ts';
import type { Operation } from '../file-kind.ts';
import { repeatWindow } from './accept.ts';
import { dropIfDone } from './envelope.ts';

/** What a start found. */
export interface Recovery {
	/** Letters of persons of which nobody knows whether the other server has them. */
	readonly unknown: number;
	/** Deliveries that were under way and are tried again. */
	readonly resumed: number;
}

/** Puts right what the last process left: run once at the start, before anything is taken or accepted. */
const recover: Operation<undefined, Recovery> = {
	mode: 'write',
	run(database, _, { now }) {
		const persons = database
			.select({ id: envelopes.id })
			.from(envelopes)
			.where(eq(envelopes.maker, 'person'));
		const unknown = database
			.update(deliveries)
			.set({
				state: 'unknown',
				leased: false,
				dataStarted: false,
				status: '4.4.2',
				detail: 'no-answer',
				settledAt: now,
				reported: sql`(select ${envelopes.submission} is null from ${envelopes} where ${envelopes.id} = ${deliveries.envelope})`
			})
			.where(
				and(
					eq(deliveries.state, 'queued'),
					eq(deliveries.dataStarted, true),
					inArray(deliveries.envelope, persons)
				)
			)
			.run().changes;
		const resumed = database
			.update(deliveries)
			.set({ leased: false, dataStarted: false })
			.where(eq(deliveries.leased, true))
			.run().changes;
		database.update(repeatGuards).set({ ending: 'broken' }).run();
		// Nobody works on these any more, so each is asked about now, also where that was put off.
		database
			.update(envelopes)
			.set({ activeAt: sql`min(${envelopes.activeAt}, ${now})` })
			.where(eq(envelopes.state, 'tentative'))
			.run();
		return { unknown, resumed };
	}
};

/** When something waits for its time, milliseconds UTC; null where nothing does. */
export interface NextTimes {
	/** A tentative or held envelope is to be asked about. */
	readonly waiting: number | null;
	/** A delivery is due, by its way out. */
	readonly inside: number | null;
	readonly outside: number | null;
}

/** When there is something to do next. */
const next: Operation<{ readonly tentativeFor: number }, NextTimes> = {
	mode: 'read',
	run({ $client }, { tentativeFor }) {
		const earliest = (query: string, ...parameters: number[]) => {
			const at = $client
				.prepare(query)
				.raw()
				.get(...parameters)?.[0];
			return typeof at === 'number' ? at : null;
		};
		const due = `SELECT min(next_at) FROM delivery WHERE state = 'queued' AND leased = 0 AND destination`;
		return {
			waiting: earliest(
				`SELECT min(CASE state WHEN 'held' THEN active_at ELSE active_at + ? END)
					FROM envelope WHERE state <> 'active'`,
				tentativeFor
			),
			inside: earliest(`${due} IN ('inside', 'nowhere')`),
			outside: earliest(`${due} = 'outside'`)
		};
	}
};

/** Forgets what nobody can want any more; `unknownBefore` in milliseconds UTC. */
const purge: Operation<{ readonly unknownBefore: number }, null> = {
	mode: 'write',
	run(database, { unknownBefore }, { now }) {
		database
			.delete(repeatGuards)
			.where(and(sql`${repeatGuards.ending} = 'broken'`, lte(repeatGuards.acceptedAt, now - repeatWindow)))
			.run();
		const old = and(
			eq(deliveries.state, 'unknown'),
			eq(deliveries.reported, true),
			lt(deliveries.settledAt, unknownBefore)
		);
		const rows = database.select({ envelope: deliveries.envelope }).from(deliveries).where(old).all();
		database.delete(deliveries).where(old).run();
		for (const { envelope } of rows) dropIfDone(database, envelope);
		return null;
	}
};

/** How many deliveries are in each state. */
const counts: Operation<undefined, Record<string, number>> = {
	mode: 'read',
	run(database) {
		const rows = database
			.select({ state: deliveries.state, number: count() })
			.from(deliveries)
			.groupBy(deliveries.state)
			.all();
		return Object.fromEntries(rows.map(({ state, number }) => [state, number]));
	}
};

/** Content in the blob store that the queue still refers to; none of it may be collected. */
const references: Operation<undefined, BlobKey[]> = {
	mode: 'read',
	run(database) {
		const rows = database
			.select({ organisation: envelopes.organisation, hash: envelopes.dataHash })
			.from(envelopes)
			.where(isNull(envelopes.body))
			.all();
		return rows.map(({ organisation, hash }) => ({ organisation, hash: blobHashOf(hash) }));
	}
};

export const upkeepOperations = { recover, next, purge, counts, references };
