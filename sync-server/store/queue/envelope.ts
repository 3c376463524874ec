import type { EnvelopeId, OrganisationId, SpaceId, SubmissionId } from '#schema/ids.ts';
import { deliveries, envelopes } from '#schema/tables/queue.ts';
import { eq, perDatabase, type Database } from '../drizzle.ts';

/** A message's content: in the row itself, or in the blob store under its hash. */
export type StoredContent =
	{ readonly kind: 'inline'; readonly bytes: Uint8Array } | { readonly kind: 'blob' };

/** Where one delivery goes. `nowhere`: the address is ours and nobody's. */
export type Destination =
	| { readonly kind: 'inside'; readonly space: SpaceId }
	| { readonly kind: 'outside' }
	| { readonly kind: 'nowhere' };

/** The two ways out, which never wait for one another. What leads nowhere is settled inside. */
export type Lane = 'inside' | 'outside';

/** The way out of a delivery. */
export function laneOf(destination: Destination): Lane {
	return destination.kind === 'outside' ? 'outside' : 'inside';
}

/** What an envelope is besides its content and its deliveries. */
export interface EnvelopeFacts {
	readonly id: EnvelopeId;
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
	/** Other addresses that the sender is told the same of. */
	readonly also?: readonly string[];
	readonly destination: Destination;
	readonly guard: Uint8Array | null;
	/** Whether who stores it also delivers it, so that nobody else takes it meanwhile. */
	readonly leased: boolean;
}

/** An envelope to be stored with its content. */
export interface NewEnvelope extends EnvelopeFacts {
	readonly state: 'tentative' | 'active';
	readonly content: StoredContent;
	readonly deliveries: readonly NewDelivery[];
}

// The way of every message; Drizzle would take longer over these than SQLite does.
const statements = perDatabase(({ $client }) => ({
	envelope: $client.prepare(
		`INSERT INTO envelope (id, organisation, state, maker, sender, space, submission, accepted_at, active_at,
			size, data_hash, body, trace) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	),
	delivery: $client.prepare(
		`INSERT INTO delivery (envelope, recipient, destination, space, state, attempts, next_at, leased,
			data_started, status, detail, settled_at, reported, also)
			VALUES (?, ?, ?, ?, ?, 0, ?, ?, 0, NULL, '', ?, 1, ?)`
	),
	dropIfDone: $client.prepare(
		`DELETE FROM envelope WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM delivery WHERE envelope = ?1)`
	)
}));

/** Stores an envelope with its content and these of its deliveries; answers its position among all that stand. */
export function addEnvelope(
	database: Database,
	envelope: NewEnvelope,
	added: readonly NewDelivery[],
	now: number
): number {
	const { envelope: addOne, delivery: addDelivery } = statements(database);
	const { id, organisation, state, maker, sender, submission, size, dataHash, content, trace } = envelope;
	const body = content.kind === 'inline' ? content.bytes : null;
	const [space, submissionId] = [submission?.space ?? null, submission?.id ?? null];
	const { lastInsertRowid } = addOne.run(
		id,
		organisation,
		state,
		maker,
		sender,
		space,
		submissionId,
		now,
		now,
		size,
		dataHash,
		body,
		trace
	);
	const deliveryState = state === 'active' ? 'queued' : 'waiting';
	for (const { recipient, also = [], destination, leased } of added) {
		const inside = destination.kind === 'inside' ? destination.space : null;
		const others = also.length === 0 ? null : JSON.stringify(also);
		addDelivery.run(id, recipient, destination.kind, inside, deliveryState, now, leased, now, others);
	}
	return Number(lastInsertRowid);
}

/** All addresses that the sender of a delivery is told of. */
export function addressesOf({ recipient, also }: { recipient: string; also: string | null }): string[] {
	// Written by `addEnvelope` alone.
	return also === null ? [recipient] : [recipient, ...(JSON.parse(also) as string[])];
}

/** Removes an envelope that has no delivery left. */
export function dropIfDone(database: Database, id: EnvelopeId): void {
	statements(database).dropIfDone.run(id);
}

/** Removes an envelope with all its deliveries. */
export function dropEnvelope(database: Database, id: EnvelopeId): void {
	database.delete(deliveries).where(eq(deliveries.envelope, id)).run();
	database.delete(envelopes).where(eq(envelopes.id, id)).run();
}
