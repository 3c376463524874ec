import type { Register } from '#schema/docs/registers.ts';
import type { Ranges } from '#schema/docs/ranges.ts';
import type { AttachmentId, BatchId, CommandId, DocumentId, MailboxId } from '#schema/ids.ts';
import type { DeliveryFact, MessageFact, SubmissionFact } from '#schema/mail/message.ts';
import type { Content } from '#schema/mail/summary.ts';
import type { RefusalCode } from '#schema/protocol/codes.ts';
import type { CommandBody, PushedChange } from '#schema/protocol/messages.ts';
import type { Counter, Cursor } from '#schema/space/entry.ts';
import type { Stamp } from '#schema/docs/registers.ts';
import type { ClockRow, PendingChange, StampTime } from '../changes/pending-change.ts';
import type { RefusedChange } from '../connectivity.ts';
import type { Sending } from '../drafts/late-edits.ts';
import type { RegisterBlockRecord } from '../state/register-block.ts';

/** Messages per pack of summaries. */
export const packSize = 100;

/** Summaries of the messages from `pack * 100` on that are held, ascending. */
export interface PackRecord {
	readonly pack: number;
	readonly messages: readonly MessageFact[];
}

export interface ColumnRecord {
	readonly block: number;
	readonly buffer: ArrayBuffer;
}

/** All confirmed registers of one subject that is no message, by field. */
export interface SubjectRecord {
	readonly subject: string;
	readonly fields: Readonly<Record<string, Register>>;
}

/** What stands in the log up to where, and the latest stamp in it. Advanced with every confirmed change. */
export interface HeadRow {
	readonly cursor: Cursor;
	/** Ascends by one with every transaction that altered confirmed state. */
	readonly revision: number;
	readonly seen: StampTime;
	/** The latest stamp that a change of this device's was confirmed with. */
	readonly own: StampTime;
}

/** What of the mailbox is still to be downloaded. */
export interface BackfillRow {
	/** Arrival numbers still to come. */
	readonly missing: Ranges;
	/** How far the log was applied when a message was last restored; what packs true before it lack is still missing. */
	readonly restoredAt?: number;
	/** Where the log was gone on with below its floor; packs true before it know threads by names since joined. */
	readonly caughtUpAt?: number;
	/** How many there were when the replica was opened. */
	readonly total: number;
	/** The server's totals when the replica was opened, by mailbox id and view. */
	readonly counters: Readonly<Record<string, Counter>>;
	/** What of those totals the packs so far account for. */
	readonly counted: Readonly<Record<string, Counter>>;
}

/** How far a replica below the log's floor has come in taking what changed since its cursor. */
export interface CatchUpRow {
	/** Where the replica stands. */
	readonly since: Cursor;
	/** Where it will stand, and follow the log from, when all is taken. */
	readonly target: Cursor;
	/** Messages from this arrival number on are taken. */
	readonly before: number;
	/** The server's totals at the target. */
	readonly counters: Readonly<Record<string, Counter>>;
}

/** The batch that was handed to the server and not yet answered; sent again unaltered until it is. */
export interface InflightRow {
	readonly batch: BatchId;
	readonly generation: string;
	readonly changes: readonly PushedChange[];
	/** By key of a change in the batch: the pending changes it stands for. */
	readonly covers: readonly { readonly key: number; readonly rows: readonly number[] }[];
}

/** A change lately confirmed, and the stamp it has now. */
export interface SettledChange {
	readonly key: number;
	readonly stamp: Stamp;
}

/** A body held on the device, and when it was last asked for. */
export interface HeldContent {
	readonly arrival: number;
	readonly bytes: number;
	readonly parts: readonly string[];
}

/** Single rows, each under its own key. */
export interface MetaRows {
	head: HeadRow;
	backfill: BackfillRow;
	catchUp: CatchUpRow;
	/** Mailbox ids in the order of their numbers in the columns. */
	mailboxes: readonly MailboxId[];
	/** Threads joined to another, for messages that come later: [from, into], oldest first. */
	joins: readonly (readonly [number, number])[];
	inflight: InflightRow;
	settled: readonly SettledChange[];
	refusals: readonly RefusedChange[];
	/** Device time when the replica was last level with the server, milliseconds UTC. */
	lastSync: number;
	/** Letters this device sent lately, oldest first. */
	sendings: readonly Sending[];
	/** Bodies held, the one not asked for longest first. */
	heldContents: readonly HeldContent[];
}

/** A command that waits for the server's answer. */
export interface OutboxRow {
	readonly id: CommandId;
	/** Ascending in the order in which they were put here. */
	readonly order: number;
	/** Device time, milliseconds UTC. */
	readonly at: number;
	readonly body: CommandBody;
	readonly state:
		| { readonly kind: 'waiting' }
		/** It may have reached the server; it is sent again under its id until it is answered. */
		| { readonly kind: 'sent' }
		/** The server took it; the row goes when the fact of it has come. */
		| { readonly kind: 'submitted'; readonly releaseAt: number }
		| { readonly kind: 'refused'; readonly code: RefusalCode; readonly detail: string };
}

/** A file attached on this device. */
export interface AttachmentRecord {
	readonly id: AttachmentId;
	readonly document: DocumentId;
	readonly name: string;
	readonly type: string;
	readonly size: number;
	readonly state:
		| { readonly kind: 'waiting' }
		| { readonly kind: 'uploaded' }
		| { readonly kind: 'refused'; readonly code: RefusalCode };
}

/** The confirmed state of a text document, but for the updates that were not yet merged into it. */
export interface DocumentRecord {
	readonly document: DocumentId;
	/** Yjs update, version 1; null where there are only updates yet. */
	readonly snapshot: Uint8Array<ArrayBuffer> | null;
	/** Number of the next update. */
	readonly nextUpdate: number;
}

/** The first rows of a view, ready for the first frame. */
export interface PageRecord {
	readonly view: string;
	readonly arrivals: readonly number[];
	readonly rows: readonly MessageFact[];
	/** By arrival as in `arrivals`: flags of the columns, mailbox, thread. */
	readonly states: readonly {
		readonly flags: number;
		readonly mailbox: MailboxId;
		readonly thread: number;
	}[];
	readonly counter: Counter;
}

/** Every store of a replica's database: its keys and values. */
export interface Stores {
	meta: { key: keyof MetaRows; value: MetaRows[keyof MetaRows] };
	packs: { key: number; value: PackRecord };
	columns: { key: number; value: ColumnRecord };
	registers: { key: number; value: RegisterBlockRecord };
	subjects: { key: string; value: SubjectRecord };
	pending: { key: number; value: PendingChange };
	clock: { key: 'clock'; value: ClockRow };
	outbox: { key: string; value: OutboxRow };
	documents: { key: string; value: DocumentRecord };
	/** Keys as {@link updateKey} makes them. */
	updates: { key: string; value: Uint8Array<ArrayBuffer> };
	attachments: { key: string; value: AttachmentRecord };
	/** Bytes of attachments and of parts: `attachment:<id>`, `part:<arrival>:<section>`. */
	blobs: { key: string; value: Uint8Array<ArrayBuffer> };
	contents: { key: number; value: Content };
	pages: { key: string; value: PageRecord };
	submissions: { key: string; value: SubmissionFact };
	/** Keys as {@link deliveryKey} makes them. */
	deliveries: { key: string; value: DeliveryFact };
}

export type StoreName = keyof Stores;

/** Version of the database's layout; a store is added by raising it. */
export const storeVersion = 1;

const stores: Readonly<Record<StoreName, true>> = {
	meta: true,
	packs: true,
	columns: true,
	registers: true,
	subjects: true,
	pending: true,
	clock: true,
	outbox: true,
	documents: true,
	updates: true,
	attachments: true,
	blobs: true,
	contents: true,
	pages: true,
	submissions: true,
	deliveries: true
};
export const storeNames = Object.keys(stores) as StoreName[];

/** Key of a document's update; they sort in the order of their numbers. */
export function updateKey(document: DocumentId, number: number): string {
	return `${document}:${String(number).padStart(12, '0')}`;
}

/** The keys of all updates of a document. */
export function updateKeys(document: DocumentId): { from: string; to: string } {
	return { from: `${document}:`, to: `${document};` };
}

/** Key of what became of one recipient of a submission. */
export function deliveryKey({ submission, recipient }: DeliveryFact): string {
	return `${submission}:${recipient}`;
}
