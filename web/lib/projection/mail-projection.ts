import type { Ranges } from '#schema/docs/ranges.ts';
import type { MailboxId } from '#schema/ids.ts';
import type { KeywordView } from '#schema/mail/mailbox.ts';
import type { MessageFact } from '#schema/mail/message.ts';
import type { Counter } from '#schema/space/entry.ts';

/** What a list shows: one mailbox, or all mail with a keyword outside Trash and Junk. */
export type MailView =
	| { readonly kind: 'mailbox'; readonly mailbox: MailboxId }
	| { readonly kind: 'keyword'; readonly view: KeywordView };

/** A message as it stands now: the fact's default overlaid by registers and this device's pending changes. */
export interface MessageState {
	readonly mailbox: MailboxId;
	readonly seen: boolean;
	readonly flagged: boolean;
	readonly important: boolean;
	readonly done: boolean;
	readonly answered: boolean;
	readonly forwarded: boolean;
	readonly hasAttachments: boolean;
	/** Milliseconds UTC, to the second. */
	readonly receivedAt: number;
	/** Arrival number that names the message's thread. */
	readonly thread: number;
}

/** What a list row shows of a message; never altered. */
export type MessageRow = Pick<MessageFact, 'arrival' | 'id' | 'receivedAt' | 'summary' | 'submission'>;

/**
 * How much of the mailbox this device holds. `held === total` once the download is complete: how many messages
 * there are then, those that came since with them.
 */
export interface BackfillProgress {
	readonly held: number;
	readonly total: number;
}

/**
 * What changed. `states`: these messages' `state()` may differ (`all`: any). `order`: some `order()` and
 * `counter()` may differ; an order that is the same array as before did not change. `rows`: these
 * messages' `row()` became available. `backfill`: progress.
 */
export type MailNotice =
	| { readonly kind: 'states'; readonly arrivals: Ranges | 'all' }
	| { readonly kind: 'order' }
	| { readonly kind: 'rows'; readonly arrivals: readonly number[] }
	| { readonly kind: 'backfill' };

/** Lists, counts, threads and rows over a replica's mail; every read is from memory and synchronous. */
export interface MailProjection {
	/** Calls back after each change, once per kind of change; returns the end of the subscription. */
	subscribe(listener: (notice: MailNotice) => void): () => void;
	/** Arrival numbers, newest first. The array must not be altered; a changed order is another array. */
	order(view: MailView): Uint32Array;
	counter(view: MailView): Counter;
	/** Undefined for a message that is not held on this device or was withdrawn. */
	state(arrival: number): MessageState | undefined;
	/** Undefined until {@link loadRows} brought it into memory; recently used rows stay there. */
	row(arrival: number): MessageRow | undefined;
	/** Brings rows into memory; those in one pack of 100 come together. Resolves when all that exist are there. */
	loadRows(arrivals: readonly number[]): Promise<void>;
	/** The messages of the thread this one belongs to, itself among them, oldest first. */
	threadOf(arrival: number): readonly number[];
	backfill(): BackfillProgress;
	close(): void;
}
