import { newId, type MailboxId, type SubmissionId } from '#schema/ids.ts';
import type { Keyword } from '#schema/mail/mailbox.ts';
import type { MessageFact } from '#schema/mail/message.ts';
import { encodeAny } from '#schema/protocol/frames.ts';
import type { Change, Cursor } from '#schema/space/entry.ts';
import { perDatabase, type Database } from '../drizzle.ts';
import type { OperationContext } from '../file-kind.ts';
import { columnsOf, type BodyReference, type ParsedMessage } from './parsed-message.ts';
import { spaceOf } from './space-row.ts';
import { threadMessage, type JoinThread } from './threads.ts';

/** A message on its way into a space. */
export interface Arriving {
	/** When the server accepted it, milliseconds UTC. */
	readonly receivedAt: number;
	readonly mailbox: MailboxId;
	readonly keywords: readonly Keyword[];
	readonly parsed: ParsedMessage;
	readonly body: BodyReference;
	/** The submission this is the sender's copy of. */
	readonly submission?: SubmissionId;
}

// The way of every message; Drizzle would take longer over these than SQLite does.
const statements = perDatabase(({ $client }) => ({
	body: $client.prepare('INSERT INTO body (arrival, size, hash, bytes) VALUES (?, ?, ?, ?)'),
	content: $client.prepare('INSERT INTO content (arrival, bytes) VALUES (?, ?)'),
	use: $client.prepare('UPDATE space SET used_bytes = used_bytes + ?')
}));

/** Adds to the bytes the space takes; a negative number gives them back. */
export function useBytes(database: Database, bytes: number): void {
	statements(database).use.run(bytes);
}

/**
 * Decides number and thread of a message and stores its content. The changes are for the entry that the
 * caller appends in the same transaction, at the fence.
 */
export function arrive(
	database: Database,
	join: JoinThread,
	{ parsed, body, submission, receivedAt, mailbox, keywords }: Arriving,
	{ random }: OperationContext
): { readonly arrival: number; readonly fence: Cursor; readonly changes: readonly Change[] } {
	const { arrivals: arrival, generation, head: seq } = spaceOf(database);
	const at = parsed.summary.sentAt ?? receivedAt;
	const { thread, joined } = threadMessage(database, join, { keys: parsed.threadKeys, at, arrival });
	const message: MessageFact = {
		id: newId(random),
		arrival,
		receivedAt,
		mailbox,
		keywords,
		thread,
		summary: parsed.summary,
		...(submission === undefined ? {} : { submission })
	};
	const { size, hash, bytes } = columnsOf(body);
	statements(database).body.run(arrival, size, hash, bytes);
	statements(database).content.run(arrival, encodeAny(parsed.content));
	useBytes(database, size);
	const unions: Change[] = joined.length === 0 ? [] : [{ kind: 'joined', into: thread, from: joined }];
	return { arrival, fence: { generation, seq }, changes: [{ kind: 'arrived', message }, ...unions] };
}
