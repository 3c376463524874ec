import type { EnvelopeId, OrganisationId, SpaceId, SubmissionId } from '../ids.ts';
import { blob, index, integer, primaryKey, sqliteTable, text } from './drizzle.ts';

/**
 * The queue: one file. What was accepted and not yet delivered to everybody, and what is needed to tell a
 * repeat from another message.
 */

/** One accept: MAIL FROM, the content, and where it came from. It goes when its last delivery goes. */
export const envelopes = sqliteTable(
	'envelope',
	{
		id: text('id').$type<EnvelopeId>().primaryKey(),
		organisation: text('organisation').$type<OrganisationId>().notNull(),
		state: text('state').$type<'tentative' | 'held' | 'active'>().notNull(),
		/** Who made it: after DATA began and nobody answered, only a machine's is sent again unasked. */
		maker: text('maker').$type<'person' | 'machine'>().notNull(),
		/** MAIL FROM; empty for the null sender. */
		sender: text('sender').notNull(),
		/** The sender's space and submission, where it is one. */
		space: text('space').$type<SpaceId>(),
		submission: text('submission').$type<SubmissionId>(),
		acceptedAt: integer('accepted_at').notNull(),
		/** Until when it is held; when it became active, once it is. */
		activeAt: integer('active_at').notNull(),
		size: integer('size').notNull(),
		/** SHA-256 of the content. */
		dataHash: blob('data_hash', { mode: 'buffer' }).notNull(),
		/** The content; null where it lies in the blob store under its hash. */
		body: blob('body', { mode: 'buffer' }),
		/** How it came to us, as JSON; null where it began here. */
		trace: text('trace')
	},
	(table) => [
		index('envelope_waiting').on(table.state, table.activeAt),
		index('envelope_submission').on(table.submission)
	]
);

/** One destination of an envelope. */
export const deliveries = sqliteTable(
	'delivery',
	{
		envelope: text('envelope').$type<EnvelopeId>().notNull(),
		recipient: text('recipient').notNull(),
		/** Other addresses that the sender is told the same of, as JSON; null where there are none. */
		also: text('also'),
		destination: text('destination').$type<'inside' | 'outside' | 'nowhere'>().notNull(),
		/** The space of an inside one. */
		space: text('space').$type<SpaceId>(),
		state: text('state').$type<'waiting' | 'queued' | 'delivered' | 'failed' | 'unknown'>().notNull(),
		attempts: integer('attempts').notNull(),
		nextAt: integer('next_at').notNull(),
		/** Whether this process works on it; nobody does after a start. */
		leased: integer('leased', { mode: 'boolean' }).notNull(),
		/** Whether the last byte of DATA may have left. */
		dataStarted: integer('data_started', { mode: 'boolean' }).notNull(),
		/** Enhanced status code of the last attempt. */
		status: text('status'),
		detail: text('detail').notNull(),
		settledAt: integer('settled_at').notNull(),
		/** Whether the sender's space knows what `state` and `attempts` say. */
		reported: integer('reported', { mode: 'boolean' }).notNull()
	},
	(table) => [
		primaryKey({ columns: [table.envelope, table.recipient] }),
		index('delivery_due').on(table.destination, table.nextAt),
		index('delivery_unreported').on(table.envelope)
	]
);

/** An accept whose client has not been heard since: its repeat within an hour is dropped if it never was. */
export const repeatGuards = sqliteTable(
	'repeat_guard',
	{
		/** Hash of peer, MAIL FROM, destination and DATA. */
		fingerprint: blob('fingerprint', { mode: 'buffer' }).notNull(),
		envelope: text('envelope').$type<EnvelopeId>().notNull(),
		acceptedAt: integer('accepted_at').notNull(),
		/** `open`: its connection still stands; `broken`: it ended with no further command. */
		ending: text('ending').$type<'open' | 'broken'>().notNull()
	},
	(table) => [
		primaryKey({ columns: [table.envelope, table.fingerprint] }),
		index('repeat_guard_fingerprint').on(table.fingerprint),
		index('repeat_guard_accepted').on(table.acceptedAt)
	]
);
