import type { EnvelopeId } from '#schema/ids.ts';
import { deliveries, envelopes } from '#schema/tables/queue.ts';
import { and, asc, eq, inArray, sql, type Database } from '../drizzle.ts';
import type { Operation } from '../file-kind.ts';
import { StoreError } from '../store-error.ts';
import type { Destination, EnvelopeFacts, Lane, StoredContent } from './envelope.ts';

/** A delivery that is to be attempted now. */
export interface TakenDelivery {
	readonly recipient: string;
	readonly destination: Destination;
	/** Attempts made before. */
	readonly attempts: number;
}

/** An envelope with those of its deliveries that are to be attempted now, leased to this process. */
export interface TakenEnvelope extends EnvelopeFacts {
	readonly acceptedAt: number;
	/** Among all that stand, those accepted later have a higher one. */
	readonly position: number;
	/** Since when it is being delivered, milliseconds UTC. */
	readonly activeAt: number;
	readonly content: StoredContent;
	readonly deliveries: readonly TakenDelivery[];
}

// Rows of a table are numbered upwards, and no two that stand share a number.
const position = sql<number>`${envelopes}.rowid`;

type EnvelopeRow = typeof envelopes.$inferSelect;
type DeliveryRow = typeof deliveries.$inferSelect;

// Spelled out and not bound, so that the partial index serves it.
const isQueued = sql`${deliveries.state} = 'queued' and ${deliveries.leased} = 0`;
const ofLane = {
	inside: sql`${deliveries.destination} in ('inside', 'nowhere')`,
	outside: sql`${deliveries.destination} = 'outside'`
} as const;

function isDue(lane: Lane, now: number) {
	return and(isQueued, ofLane[lane], sql`${deliveries.nextAt} <= ${now}`);
}

function destinationOf({ destination, space }: DeliveryRow): Destination {
	if (destination !== 'inside') return { kind: destination };
	if (space === null) throw new StoreError('broken', 'a delivery inside has no space');
	return { kind: 'inside', space };
}

function takenEnvelope(row: EnvelopeRow, place: number, rows: readonly DeliveryRow[]): TakenEnvelope {
	const { space, submission, body } = row;
	return {
		id: row.id,
		organisation: row.organisation,
		maker: row.maker,
		sender: row.sender,
		submission: space === null || submission === null ? null : { space, id: submission },
		size: row.size,
		dataHash: row.dataHash,
		trace: row.trace,
		acceptedAt: row.acceptedAt,
		position: place,
		activeAt: row.activeAt,
		content: body === null ? { kind: 'blob' } : { kind: 'inline', bytes: body },
		deliveries: rows.map((delivery) => ({
			recipient: delivery.recipient,
			destination: destinationOf(delivery),
			attempts: delivery.attempts
		}))
	};
}

function take(database: Database, id: EnvelopeId, lane: Lane, now: number): TakenEnvelope {
	const found = database
		.select({ row: envelopes, position })
		.from(envelopes)
		.where(eq(envelopes.id, id))
		.get();
	if (found === undefined) throw new StoreError('broken', 'a delivery has no envelope');
	const due = and(eq(deliveries.envelope, id), isDue(lane, now));
	const rows = database.select().from(deliveries).where(due).all();
	database.update(deliveries).set({ leased: true }).where(due).run();
	return takenEnvelope(found.row, found.position, rows);
}

/** How much of one way out is to be taken: envelopes at most, and about so many bytes of content. */
export interface Taking {
	readonly lane: Lane;
	readonly envelopes: number;
	readonly bytes: number;
}

/** Leases what is due now on one way out, the longest due first; of what became due at once, what was accepted first. */
const takeDue: Operation<Taking, TakenEnvelope[]> = {
	mode: 'write',
	run(database, { lane, ...limits }, { now }) {
		const due = database
			.select({ envelope: deliveries.envelope, size: envelopes.size })
			.from(deliveries)
			.innerJoin(envelopes, eq(envelopes.id, deliveries.envelope))
			.where(isDue(lane, now))
			.orderBy(asc(deliveries.nextAt), asc(position))
			.limit(limits.envelopes * 4)
			.all();
		const sizes = new Map(due.map(({ envelope, size }) => [envelope, size]));
		const taken: TakenEnvelope[] = [];
		let room = limits.bytes;
		for (const [id, size] of sizes) {
			if (taken.length >= limits.envelopes || room <= 0) break;
			taken.push(take(database, id, lane, now));
			room -= size;
		}
		return taken;
	}
};

/** Notes, before the last byte of DATA leaves, that it may have left. */
const startData: Operation<{ readonly envelope: EnvelopeId; readonly recipients: readonly string[] }, null> =
	{
		mode: 'write',
		run(database, { envelope, recipients }) {
			database
				.update(deliveries)
				.set({ dataStarted: true })
				.where(and(eq(deliveries.envelope, envelope), inArray(deliveries.recipient, [...recipients])))
				.run();
			return null;
		}
	};

export const takingOperations = { take: takeDue, 'start-data': startData };
