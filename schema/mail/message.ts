import type { DocumentId, MailboxId, MessageId, SubmissionId } from '../ids.ts';
import type { ZonedInstant } from '../zoned-instant.ts';
import type { Keyword } from './mailbox.ts';
import type { MailAddress } from './address.ts';
import type { Summary } from './summary.ts';

/**
 * The fact that a message lies in a space. Never altered: what people change afterwards are registers laid
 * over its `mailbox` and `keywords`; what governs it afterwards are withdrawals and restorations.
 */
export interface MessageFact {
	readonly id: MessageId;
	/** Number of the message in its space, ascending from 0 without gaps, never used twice in a generation. */
	readonly arrival: number;
	/** When the server accepted it, milliseconds UTC. */
	readonly receivedAt: number;
	/** Where it was placed when it came. */
	readonly mailbox: MailboxId;
	/** Keywords it came with. */
	readonly keywords: readonly Keyword[];
	/** Arrival number of the first message of its thread. */
	readonly thread: number;
	readonly summary: Summary;
	/** The submission this is the sender's copy of. */
	readonly submission?: SubmissionId;
}

/** Fields of a message that are registers. `$…` hold a boolean, `mailbox` a mailbox id. */
export type MessageField = 'mailbox' | Keyword;

/** Fields of the registers that describe a draft in lists; subject of the register: `draft:<document id>`. */
export const draftFields = [
	'to',
	'subject',
	'snippet',
	'savedAt',
	'attachments',
	'deleted',
	'generation'
] as const;
export type DraftField = (typeof draftFields)[number];

/** Register subjects by kind of thing; messages are addressed by arrival number, not by a text. */
export const registerSubjects = {
	draft: (document: DocumentId) => `draft:${document}`,
	settings: 'settings'
} as const;

/** States of a submission as the sender sees it. */
export type SubmissionState = 'held' | 'queued' | 'cancelled';

/** The fact that a letter was handed to the server for sending, or what became of it since. */
export interface SubmissionFact {
	readonly id: SubmissionId;
	/** The draft it was made from; null for a letter from an SMTP client. */
	readonly document: DocumentId | null;
	readonly state: SubmissionState;
	/** Until when it can be called back, milliseconds UTC. */
	readonly releaseAt: number;
	readonly subject: string;
	readonly recipients: readonly MailAddress[];
	/** When the server took it, milliseconds UTC. */
	readonly submittedAt: number;
	/**
	 * What its Date header says, in its writer's zone. Not there for a letter of a mail program, which writes that header
	 * itself, nor in facts of before it was kept.
	 */
	readonly sentAt?: ZonedInstant;
}

/** States of one recipient of a submission. `unknown`: the other server may or may not have it. */
export type DeliveryState = 'queued' | 'deferred' | 'delivered' | 'failed' | 'unknown';

/** What happened to one recipient; a later fact of the same recipient replaces an earlier one. */
export interface DeliveryFact {
	readonly submission: SubmissionId;
	readonly recipient: string;
	readonly state: DeliveryState;
	/** Enhanced status code (RFC 3463) where there is one. */
	readonly status: string | null;
	/** The other server's words, or the reason of ours as a code; bounded to 500 characters. */
	readonly detail: string;
	readonly at: number;
}
