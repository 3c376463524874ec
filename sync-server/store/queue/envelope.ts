import type { DeliveryId, OrganisationId, SpaceId, SubmissionId } from '#schema/ids.ts';
import { deliveries, envelopes } from '#schema/tables/queue.ts';
import { eq, perDatabase, sql, type Database } from '../drizzle.ts';

/** A message's content: in the row itself, or in the blob store under its hash. */
export type StoredContent = { readonly kind: 'inline'; readonly bytes: Uint8Array } | { readonly kind: 'blob' };

/** Where one delivery goes. `nowhere`: the address is ours and nobody's. */
export type Destination =
	| { readonly kind: 'inside'; readonly space: SpaceId }
	| { readonly kind: 'outside' }
	| { readonly kind: 'nowhere' };

/** What an envelope is besides its content and its deliveries. */
export interface EnvelopeFacts {
	readonly id: DeliveryId;
	readonly organisation: OrganisationId;
	readonly maker: 'person' | 'machine';
	/** MAIL FROM; empty for the null sender. */
	readonly sender: string;
	readonly submission: { readonly space: SpaceId; readonly id: SubmissionId } | null;
	/** Bytes of the content. */
	readonly size: number;
	/** SHA-256 of the content. */
	readonly dataHash: Uint8Array;
	/** How it came to us, as JSON; null where it began here. */
	readonly trace: string | null;
}

/** A new delivery. `guard`: fingerprint of what makes another accept its repeat; null where none can come. */
export interface NewDelivery {
	readonly recipient: string;
	readonly destination: Destination;
	readonly guard: Uint8Array | null;
}

/** An envelope to be stored with its content. */
export interface NewEnvelope extends EnvelopeFacts {
	readonly state: 'tentative' | 'active';
	readonly content: StoredContent;
	readonly deliveries: readonly NewDelivery[];
	/** Whether who stores it also delivers it, so that nobody else takes it meanwhile. */
	readonly leased: boolean;
}

const queries = perDatabase((database) => {
	const value = sql.placeholder;
	return {
		addEnvelope: database
			.insert(envelopes)
			.values({
				id: value('id'),
				organisation: value('organisation'),
				state: value('state'),
				maker: value('maker'),
				sender: value('sender'),
				space: value('space'),
				submission: value('submission'),
				acceptedAt: value('now'),
				activeAt: value('now'),
				size: value('size'),
				dataHash: value('dataHash'),
				body: value('body'),
				trace: value('trace')
			})
			.prepare(),
		addDelivery: database
			.insert(deliveries)
			.values({
				envelope: value('envelope'),
				recipient: value('recipient'),
				destination: value('destination'),
				space: value('space'),
				state: value('state'),
				attempts: 0,
				nextAt: value('now'),
				leased: value('leased'),
				dataStarted: false,
				status: null,
				detail: '',
				settledAt: value('now'),
				reported: true
			})
			.prepare(),
		dropIfDone: database
			.delete(envelopes)
			.where(
				sql`${envelopes.id} = ${value('id')} and not exists (select 1 from ${deliveries} where ${deliveries.envelope} = ${envelopes.id})`
			)
			.prepare()
	};
});

/** Stores an envelope with its content and these of its deliveries. */
export function addEnvelope(
	database: Database,
	envelope: NewEnvelope,
	added: readonly NewDelivery[],
	now: number
): void {
	const { addEnvelope: insert, addDelivery } = queries(database);
	insert.run({
		...envelope,
		space: envelope.submission?.space ?? null,
		submission: envelope.submission?.id ?? null,
		dataHash: Buffer.from(envelope.dataHash),
		body: envelope.content.kind === 'inline' ? Buffer.from(envelope.content.bytes) : null,
		now
	});
	for (const { recipient, destination } of added) {
		addDelivery.run({
			envelope: envelope.id,
			recipient,
			destination: destination.kind,
			space: destination.kind === 'inside' ? destination.space : null,
			state: envelope.state === 'active' ? 'queued' : 'waiting',
			leased: envelope.leased,
			now
		});
	}
}

/** Removes an envelope that has no delivery left. */
export function dropIfDone(database: Database, id: DeliveryId): void {
	queries(database).dropIfDone.run({ id });
}

/** Removes an envelope with all its deliveries. */
export function dropEnvelope(database: Database, id: DeliveryId): void {
	database.delete(deliveries).where(eq(deliveries.envelope, id)).run();
	database.delete(envelopes).where(eq(envelopes.id, id)).run();
}
