import { addressesIn, readHeader, withoutField } from './header.ts';
import { dateField } from './trace.ts';

/** A letter from a mail program, read as far as its header. */
export interface RawLetter {
	/** Its canonical From addresses; empty where From is missing or stands there twice. */
	readonly from: readonly string[];
	/** What is stored in place of its beginning. */
	readonly head: Uint8Array;
}

/**
 * The beginning of a letter from a mail program as it is to be sent (RFC 6409 section 8): Bcc removed, and Resent-Bcc, a
 * missing Message-ID or Date added in front; every other byte stays.
 *
 * @param head the beginning of the letter, with its whole header
 * @param messageId for a letter without one, with angle brackets
 * @param now milliseconds UTC
 */
export function rawLetter(head: Uint8Array, messageId: string, now: number): RawLetter {
	const fields = readHeader(head);
	const added = [
		...(fields.has('message-id') ? [] : [`Message-ID: ${messageId}\r\n`]),
		...(fields.has('date') ? [] : [`Date: ${dateField(now)}\r\n`])
	];
	const from = fields.get('from')?.length === 1 ? addressesIn(fields, 'from') : [];
	const open = withoutField(withoutField(head, 'bcc'), 'resent-bcc');
	return { from, head: Buffer.concat([Buffer.from(added.join('')), open]) };
}
