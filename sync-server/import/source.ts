import type { Keyword, MailboxRole } from '#schema/mail/mailbox.ts';

/** What the system said, in short: its code (`EACCES`), or the words of an error that has none. */
export function causeOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	return 'code' in error && typeof error.code === 'string' ? error.code : error.message;
}

/** One message to be imported, its bytes not read yet. */
export interface SourceMessage {
	/** Where it is, for the report: a path, and the number in the file where it holds many. */
	readonly origin: string;
	/** Bytes, as far as they are known before reading. */
	readonly size: number;
	/** When it came, milliseconds UTC. */
	readonly receivedAt: number;
	readonly mailbox: MailboxRole;
	readonly keywords: readonly Keyword[];
	readonly read: () => Promise<Uint8Array>;
}

/** Messages in the order they came. `total` is null where that is not known before the end. */
export interface MessageSource {
	readonly total: number | null;
	readonly messages: AsyncIterable<SourceMessage>;
}

/** Turns a list into a source, oldest first; of the same age in the order of their origins. */
export function inOrder(messages: readonly SourceMessage[]): MessageSource {
	const sorted = messages.toSorted(
		(left, right) => left.receivedAt - right.receivedAt || (left.origin < right.origin ? -1 : 1)
	);
	return { total: sorted.length, messages: eachOf(sorted) };
}

async function* eachOf(messages: readonly SourceMessage[]): AsyncGenerator<SourceMessage> {
	yield* messages;
}
