import type { MailAddress } from './address.ts';

/** Bounds of what a list row may carry, so that no hostile header makes a replica large. */
export const summaryLimits = {
	subject: 500,
	snippet: 200,
	addresses: 20,
	name: 120
} as const;

/** What a list row needs of a message (IMAP calls it ENVELOPE, RFC 3501 section 7.4.2); never altered. */
export interface Summary {
	/** Message-ID without angle brackets; empty where the message has none. */
	readonly messageId: string;
	readonly from: readonly MailAddress[];
	readonly to: readonly MailAddress[];
	readonly cc: readonly MailAddress[];
	readonly replyTo: readonly MailAddress[];
	readonly subject: string;
	/** The first words of the readable text, white space folded, quotes left out. */
	readonly snippet: string;
	/** The Date header in milliseconds UTC; null where it is missing or unreadable. */
	readonly sentAt: number | null;
	/** Bytes of the whole message. */
	readonly size: number;
	/** How many parts a person would call an attachment (inline pictures of the HTML are not). */
	readonly attachments: number;
}

/** One leaf part of a message that can be downloaded. */
export interface Part {
	/** IMAP section number, such as `2` or `1.2` (RFC 3501 section 6.4.5). */
	readonly section: string;
	/** Lower-case media type, such as `image/png`. */
	readonly type: string;
	readonly filename: string | null;
	/** Bytes after the transfer encoding is undone. */
	readonly size: number;
	readonly disposition: 'inline' | 'attachment';
	/** Content-ID without angle brackets; what `cid:` in the HTML refers to. */
	readonly contentId: string | null;
}

/** What was wrong with a message; it is shown as far as it goes all the same. */
export type Defect =
	| 'no-headers'
	| 'too-many-parts'
	| 'too-deep'
	| 'missing-boundary'
	| 'unknown-charset'
	| 'bad-transfer-encoding'
	| 'text-truncated'
	| 'unparsable';

/** What is shown when a message is opened. */
export interface Content {
	/** Decoded text/plain, or null where the message has none. */
	readonly text: string | null;
	/** Decoded text/html as it came: hostile until cleaned. */
	readonly html: string | null;
	/** All parts that are not the text or HTML above, inline pictures among them. */
	readonly parts: readonly Part[];
	readonly defects: readonly Defect[];
	/** Version of the parser that made this. */
	readonly parser: number;
}

/** What the threader needs of a message (RFC 5322 section 3.6.4; RFC 5256 for the base subject). */
export interface ThreadKeys {
	readonly messageId: string;
	/** References, then In-Reply-To where not already there; oldest first, no brackets, at most 100. */
	readonly references: readonly string[];
	/** Subject with reply and forward prefixes removed, lower case, white space folded. */
	readonly baseSubject: string;
	/** Whether the subject had such a prefix: only then may the subject alone join a thread. */
	readonly isReply: boolean;
}
