import type { MailboxId, MessageId, SubmissionId } from '#schema/ids.ts';
import type { Content, Part } from '#schema/mail/summary.ts';
import { decodeAny } from '#schema/protocol/frames.ts';
import { bodies, contents, messages } from '#schema/tables/space.ts';
import { and, eq, inArray, isNull, sql, type Database } from '../drizzle.ts';
import type { Operation } from '../file-kind.ts';
import { bodyOf, type BodyReference } from './parsed-message.ts';

/** A message as it is opened. */
export interface OpenedMessage {
	readonly arrival: number;
	readonly id: MessageId;
	readonly receivedAt: number;
	readonly mailbox: MailboxId;
	readonly submission: SubmissionId | null;
	readonly body: BodyReference;
	readonly content: Content;
}

export type MessageName = { readonly arrival: number } | { readonly id: MessageId };

function contentOf(bytes: Uint8Array): Content {
	// Written by `arrive` alone, from what the parser made.
	return decodeAny(bytes) as Content;
}

function readMessage(database: Database, name: MessageName): OpenedMessage | null {
	const row = database
		.select()
		.from(messages)
		.innerJoin(bodies, eq(bodies.arrival, messages.arrival))
		.innerJoin(contents, eq(contents.arrival, messages.arrival))
		.where(
			and(
				'id' in name ? eq(messages.id, name.id) : eq(messages.arrival, name.arrival),
				isNull(messages.withdrawnSeq)
			)
		)
		.get();
	if (row === undefined) return null;
	const { arrival, id, receivedAt, mailbox, submission } = row.message;
	const content = contentOf(row.content.bytes);
	return { arrival, id, receivedAt, mailbox, submission, body: bodyOf(row.body), content };
}

/** A message with its bytes, or where they lie; null where there is none or it was withdrawn. */
const message: Operation<MessageName, OpenedMessage | null> = { mode: 'read', run: readMessage };

/** Bytes of contents that are answered together; the first one always is. */
const contentsTogether = 8 << 20;

/** Which of these messages have contents that are answered together, in the order they are asked for. */
function fitting(database: Database, arrivals: readonly number[]): number[] {
	const rows = database
		.select({ arrival: contents.arrival, size: sql<number>`length(${contents.bytes})` })
		.from(contents)
		.innerJoin(messages, eq(messages.arrival, contents.arrival))
		.where(and(inArray(contents.arrival, [...arrivals]), isNull(messages.withdrawnSeq)))
		.all();
	const sizes = new Map(rows.map(({ arrival, size }) => [arrival, size]));
	const chosen: number[] = [];
	let room = contentsTogether;
	for (const arrival of arrivals) {
		const size = sizes.get(arrival);
		if (size === undefined || (size > room && chosen.length > 0)) continue;
		chosen.push(arrival);
		room -= size;
	}
	return chosen;
}

/**
 * The contents of up to 50 messages, as many as fit into 8 MB; those that don't fit or are not there are left out, and
 * may be asked for again.
 */
const contentsOf: Operation<
	{ readonly arrivals: readonly number[] },
	readonly { readonly arrival: number; readonly content: Content }[]
> = {
	mode: 'read',
	run: (database, { arrivals }) =>
		database
			.select({ arrival: contents.arrival, bytes: contents.bytes })
			.from(contents)
			.where(inArray(contents.arrival, fitting(database, arrivals.slice(0, 50))))
			.all()
			.map(({ arrival, bytes }) => ({ arrival, content: contentOf(bytes) }))
};

/** A part by its section number, with the bytes it lies in; null where there is no such part. */
const part: Operation<
	{ readonly arrival: number; readonly section: string },
	{ readonly part: Part; readonly body: BodyReference } | null
> = {
	mode: 'read',
	run(database, { arrival, section }) {
		const found = readMessage(database, { arrival });
		const wanted = found?.content.parts.find((known) => known.section === section);
		return found === null || wanted === undefined ? null : { part: wanted, body: found.body };
	}
};

export const readingOperations = { message, contents: contentsOf, part };
