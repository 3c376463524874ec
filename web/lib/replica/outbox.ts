import type { DocumentId, SubmissionId } from '#schema/ids.ts';
import type { MailAddress } from '#schema/mail/address.ts';
import type { DeliveryFact } from '#schema/mail/message.ts';
import type { RefusalCode } from '#schema/protocol/codes.ts';

/** How far a letter or command is. */
export type OutboxState =
	/** On this device only; it goes when there is a connection. It can be called back here. */
	| { readonly kind: 'waiting' }
	/** Its attachments go first: bytes sent of bytes in all. */
	| { readonly kind: 'uploading'; readonly sent: number; readonly total: number }
	/** Sent to the server, which has not answered yet. */
	| { readonly kind: 'sending' }
	/**
	 * The server holds it; until then it can be called back. Milliseconds UTC of the server. `heldFor`: how long that is in
	 * all, milliseconds, once the server told; no clock of this device is in it.
	 */
	| { readonly kind: 'held'; readonly releaseAt: number; readonly heldFor?: number }
	/** Released; one fact per recipient as far as they are known. */
	| { readonly kind: 'released'; readonly deliveries: readonly DeliveryFact[] }
	| { readonly kind: 'cancelling' }
	| { readonly kind: 'cancelled' }
	| { readonly kind: 'refused'; readonly code: RefusalCode; readonly detail: string };

/** One letter or command on its way, or lately arrived. */
export interface OutboxItem {
	/** Stable as long as the item is listed. */
	readonly id: string;
	readonly about:
		| {
				readonly kind: 'letter';
				readonly submission: SubmissionId;
				readonly document: DocumentId | null;
				readonly subject: string;
				readonly recipients: readonly MailAddress[];
		  }
		| { readonly kind: 'purge'; readonly count: number }
		| { readonly kind: 'send-again'; readonly submission: SubmissionId };
	/** When it was put here (device) or submitted (server), milliseconds UTC. */
	readonly at: number;
	readonly state: OutboxState;
}

/** Commands: what the server must do once. Each waits in a durable row until it is answered. */
export interface Outbox {
	subscribe(listener: () => void): () => void;
	/** Unanswered and refused ones, and letters of the last seven days; newest first. */
	items(): readonly OutboxItem[];
	/**
	 * Calls a letter back. `cancelled`: it never left this device, the draft is back. `asked`: the server was
	 * (or will be) asked, the item says what became of it. `too-late`: it is on its way to the recipients.
	 */
	cancel(submission: SubmissionId): Promise<'cancelled' | 'asked' | 'too-late'>;
	/** Asks the server to let a letter go that it holds, before its time; nothing where it holds none. */
	sendNow(submission: SubmissionId): Promise<void>;
	/** Sends a letter whose fate is unknown once more: same bytes, same Message-ID. */
	sendAgain(submission: SubmissionId): Promise<void>;
	/** Removes messages for good: this set, as seen at this replica's cursor. */
	purge(arrivals: Iterable<number>): Promise<void>;
	/** Takes a refused item off the list. */
	dismiss(id: string): Promise<void>;
}
