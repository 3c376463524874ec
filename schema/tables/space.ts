import type {
	AttachmentId,
	BatchId,
	CommandId,
	DeviceId,
	DocumentId,
	EnvelopeId,
	MailboxId,
	MessageId,
	OrganisationId,
	PrincipalId,
	SpaceId,
	SubmissionId
} from '../ids.ts';
import type { DeliveryState, SubmissionState } from '../mail/message.ts';
import type { Origin } from '../space/entry.ts';
import type { TimeZone } from '../zoned-instant.ts';
import { blob, index, integer, primaryKey, sqliteTable, text } from './drizzle.ts';

/**
 * A space: one file. First what the log says (`message` to `submission_delivery` can be rebuilt from it), then
 * content and what decides. Times are milliseconds UTC; blobs named `bytes` of values are the encoding of frames.
 */

/** The space itself; one row. */
export const spaces = sqliteTable('space', {
	id: text('id').$type<SpaceId>().primaryKey(),
	organisation: text('organisation').$type<OrganisationId>().notNull(),
	principal: text('principal').$type<PrincipalId>().notNull(),
	kind: text('kind').$type<'mailbox'>().notNull(),
	generation: text('generation').notNull(),
	createdAt: integer('created_at').notNull(),
	/** Seq of the newest entry; 0 where there is none. */
	head: integer('head').notNull(),
	/** Entries up to this seq are no longer kept. */
	floor: integer('floor').notNull(),
	/** How many messages were ever numbered. */
	arrivals: integer('arrivals').notNull(),
	/** The greatest stamp ever given in the space, without its device. */
	clockTime: integer('clock_time').notNull(),
	clockCounter: integer('clock_counter').notNull(),
	/** Bytes of messages and attachments, and how many there may be; null where there is no bound. */
	usedBytes: integer('used_bytes').notNull(),
	quotaBytes: integer('quota_bytes')
});

/** The log: one row per entry. */
export const log = sqliteTable('log', {
	seq: integer('seq').primaryKey(),
	at: integer('at').notNull(),
	device: text('device').$type<DeviceId>(),
	origin: text('origin').$type<Origin>().notNull(),
	changes: blob('changes', { mode: 'buffer' }).notNull()
});

/** Where an act came in: a device's socket or upload, a mail program, or `npm run import`. */
export type AuditEdge = 'sync' | 'http' | 'smtp' | 'import';

/** Who did what; derived from the acts of people that changed something. */
export const audit = sqliteTable('audit', {
	number: integer('number').primaryKey(),
	/** The entry that holds it; null where it changed only what lies beside the log. */
	seq: integer('seq'),
	at: integer('at').notNull(),
	/** Null for whoever runs the server and is no principal. */
	principal: text('principal').$type<PrincipalId>(),
	/** Null where no device is known. */
	device: text('device').$type<DeviceId>(),
	edge: text('edge').$type<AuditEdge>().notNull(),
	action: text('action').notNull(),
	/** What it was done to, in numbers; never content. */
	detail: text('detail').notNull()
});

/** State of a message: the fact's defaults overlaid by its registers. */
export const messages = sqliteTable(
	'message',
	{
		arrival: integer('arrival').primaryKey(),
		id: text('id').$type<MessageId>().notNull().unique(),
		receivedAt: integer('received_at').notNull(),
		/** Where it lies now, and its keywords now (bit = place in the list of keywords). */
		mailbox: text('mailbox').$type<MailboxId>().notNull(),
		keywords: integer('keywords').notNull(),
		/** What it came with. */
		placedMailbox: text('placed_mailbox').$type<MailboxId>().notNull(),
		placedKeywords: integer('placed_keywords').notNull(),
		/** Arrival number of its thread's first message. */
		thread: integer('thread').notNull(),
		submission: text('submission').$type<SubmissionId>(),
		/** Seq of the entry that placed it, of the last that changed it, of the one that withdrew it. */
		placedSeq: integer('placed_seq').notNull(),
		changedSeq: integer('changed_seq').notNull(),
		withdrawnSeq: integer('withdrawn_seq')
	},
	(table) => [index('message_thread').on(table.thread)]
);

/** Summaries, apart from the state so that counting reads little. */
export const summaries = sqliteTable('summary', {
	arrival: integer('arrival').primaryKey(),
	bytes: blob('bytes', { mode: 'buffer' }).notNull()
});

/** Registers of messages. `field`: place in the list of message fields. `value`: JSON. */
export const messageRegisters = sqliteTable(
	'message_register',
	{
		field: integer('field').notNull(),
		arrival: integer('arrival').notNull(),
		value: text('value').notNull(),
		time: integer('time').notNull(),
		counter: integer('counter').notNull(),
		device: text('device').$type<DeviceId>().notNull()
	},
	(table) => [primaryKey({ columns: [table.field, table.arrival] })]
);

/** Registers of any other subject. */
export const subjectRegisters = sqliteTable(
	'subject_register',
	{
		subject: text('subject').notNull(),
		field: text('field').notNull(),
		value: text('value').notNull(),
		time: integer('time').notNull(),
		counter: integer('counter').notNull(),
		device: text('device').$type<DeviceId>().notNull()
	},
	(table) => [primaryKey({ columns: [table.subject, table.field] })]
);

/** A text document up to `snapshotSeq`; what came later lies in `document_update`. */
export const documents = sqliteTable('document', {
	id: text('id').$type<DocumentId>().primaryKey(),
	snapshot: blob('snapshot', { mode: 'buffer' }),
	snapshotSeq: integer('snapshot_seq').notNull(),
	lastSeq: integer('last_seq').notNull(),
	pendingUpdates: integer('pending_updates').notNull(),
	pendingBytes: integer('pending_bytes').notNull()
});

/** Updates of a document since its snapshot, in the order of the log. */
export const documentUpdates = sqliteTable(
	'document_update',
	{
		document: text('document').$type<DocumentId>().notNull(),
		number: integer('number').notNull(),
		bytes: blob('bytes', { mode: 'buffer' }).notNull()
	},
	(table) => [primaryKey({ columns: [table.document, table.number] })]
);

/** Letters handed over for sending. */
export const submissions = sqliteTable('submission', {
	id: text('id').$type<SubmissionId>().primaryKey(),
	document: text('document').$type<DocumentId>(),
	state: text('state').$type<SubmissionState>().notNull(),
	releaseAt: integer('release_at').notNull(),
	submittedAt: integer('submitted_at').notNull(),
	/** When its writer sent it, and in which zone; both null where that is not known. */
	sentAt: integer('sent_at'),
	zone: text('zone').$type<TimeZone>(),
	/** Subject and recipients. */
	bytes: blob('bytes', { mode: 'buffer' }).notNull()
});

/** What became of each recipient. */
export const submissionDeliveries = sqliteTable(
	'submission_delivery',
	{
		submission: text('submission').$type<SubmissionId>().notNull(),
		recipient: text('recipient').notNull(),
		state: text('state').$type<DeliveryState>().notNull(),
		status: text('status'),
		detail: text('detail').notNull(),
		at: integer('at').notNull()
	},
	(table) => [primaryKey({ columns: [table.submission, table.recipient] })]
);

/** A message's bytes: in the row, or in the blob store under the hash. */
export const bodies = sqliteTable(
	'body',
	{
		arrival: integer('arrival').primaryKey(),
		size: integer('size').notNull(),
		hash: text('hash'),
		bytes: blob('bytes', { mode: 'buffer' })
	},
	(table) => [index('body_hash').on(table.hash)]
);

/** What is shown when a message is opened. */
export const contents = sqliteTable('content', {
	arrival: integer('arrival').primaryKey(),
	bytes: blob('bytes', { mode: 'buffer' }).notNull()
});

/** Deliveries that were placed, so that a repeated one is known. */
export const placements = sqliteTable(
	'placement',
	{
		envelope: text('envelope').$type<EnvelopeId>().notNull(),
		recipient: text('recipient').notNull(),
		arrival: integer('arrival').notNull(),
		at: integer('at').notNull()
	},
	(table) => [primaryKey({ columns: [table.envelope, table.recipient] })]
);

/** Every Message-ID a message has or refers to, and the first message that did. */
export const threadIds = sqliteTable('thread_id', {
	messageId: text('message_id').primaryKey(),
	arrival: integer('arrival').notNull()
});

/** Messages by base subject and when they were sent. */
export const threadSubjects = sqliteTable(
	'thread_subject',
	{
		subject: text('subject').notNull(),
		at: integer('at').notNull(),
		arrival: integer('arrival').notNull()
	},
	(table) => [primaryKey({ columns: [table.subject, table.at, table.arrival] })]
);

/** The stamps the server gave each device that ever pushed. */
export const devices = sqliteTable('device', {
	id: text('id').$type<DeviceId>().primaryKey(),
	time: integer('time').notNull(),
	counter: integer('counter').notNull(),
	/** How many stamps were given to changes that came out of order. */
	outOfOrder: integer('out_of_order').notNull()
});

/** Batches that were taken, with the answer a repeat gets. */
export const batches = sqliteTable(
	'batch',
	{
		device: text('device').$type<DeviceId>().notNull(),
		id: text('id').$type<BatchId>().notNull(),
		seq: integer('seq').notNull(),
		stamps: blob('stamps', { mode: 'buffer' }).notNull(),
		at: integer('at').notNull()
	},
	(table) => [primaryKey({ columns: [table.device, table.id] })]
);

/** Commands that were answered, with the answer a repeat gets. */
export const answers = sqliteTable('answer', {
	command: text('command').$type<CommandId>().primaryKey(),
	result: blob('result', { mode: 'buffer' }).notNull(),
	at: integer('at').notNull()
});

/** What every submission id stands for, for ever: one payload, or nothing because it was called back. */
export const submissionKeys = sqliteTable('submission_key', {
	submission: text('submission').$type<SubmissionId>().primaryKey(),
	/** Null where it was called back before it came. */
	payloadHash: text('payload_hash'),
	/** The queue's envelope that was accepted for it (an input of `submit`); `release` answers `unknown` to any other. */
	envelope: text('envelope').$type<EnvelopeId>(),
	device: text('device').$type<DeviceId>(),
	document: text('document').$type<DocumentId>(),
	generation: integer('generation').notNull(),
	releaseAt: integer('release_at').notNull()
});

/** A rendered letter until its release, when it becomes the copy in Sent. */
export const letters = sqliteTable('letter', {
	submission: text('submission').$type<SubmissionId>().primaryKey(),
	parsed: blob('parsed', { mode: 'buffer' }).notNull(),
	size: integer('size').notNull(),
	hash: text('hash'),
	bytes: blob('bytes', { mode: 'buffer' })
});

/** Files that drafts carry. */
export const attachments = sqliteTable(
	'attachment',
	{
		id: text('id').$type<AttachmentId>().primaryKey(),
		document: text('document').$type<DocumentId>().notNull(),
		name: text('name').notNull(),
		type: text('type').notNull(),
		size: integer('size').notNull(),
		hash: text('hash').notNull(),
		/** Null where they lie in the blob store under the hash. */
		bytes: blob('bytes', { mode: 'buffer' }),
		createdAt: integer('created_at').notNull()
	},
	(table) => [index('attachment_document').on(table.document)]
);
