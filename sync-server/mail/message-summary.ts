/** The summary of a message (what its row in a list shows), and the keys by which it is threaded. */
import { summaryLimits, type Summary, type ThreadKeys } from '#schema/mail/summary.ts';
import { parseAddresses } from './addresses.ts';
import { baseSubject } from './base-subject.ts';
import { parseDate } from './dates.ts';
import { fieldValue, listValue, type HeaderFields } from './header-block.ts';
import { headerText, truncate } from './header-text.ts';
import { messageId, messageIds, repliedIds } from './message-ids.ts';

/** Most references that are kept: the root and the newest (RFC 5322 section 3.6.4 lets the middle go). */
const referenceLimit = 100;

/** What of the summary the header alone tells. */
export type HeaderSummary = Omit<Summary, 'snippet' | 'size' | 'attachments'>;

/**
 * Reads the header of a message.
 * @param expected the charset raw 8-bit bytes are expected in, or null
 */
export function summarizeHeader(fields: HeaderFields, expected: string | null): HeaderSummary {
	const addresses = (value: string): Summary['from'] =>
		parseAddresses(value, expected, summaryLimits.addresses);
	return {
		messageId: messageId(fieldValue(fields, 'message-id')),
		// A second From is not legal, and nobody must see another sender than the first reader did.
		from: addresses(fieldValue(fields, 'from')),
		to: addresses(listValue(fields, 'to')),
		cc: addresses(listValue(fields, 'cc')),
		replyTo: addresses(fieldValue(fields, 'reply-to')),
		subject: truncate(headerText(fieldValue(fields, 'subject'), expected), summaryLimits.subject),
		sentAt: parseDate(fieldValue(fields, 'date'))
	};
}

function boundedReferences(ids: readonly string[]): readonly string[] {
	if (ids.length <= referenceLimit) return ids;
	return [...ids.slice(0, 1), ...ids.slice(1 - referenceLimit)];
}

/** The keys of a message by which `joinThread` finds its thread; `subject` is decoded. */
export function threadKeysOf(fields: HeaderFields, subject: string): ThreadKeys {
	const own = messageId(fieldValue(fields, 'message-id'));
	const named = [
		...messageIds(listValue(fields, 'references')),
		...repliedIds(fieldValue(fields, 'in-reply-to'))
	];
	const references = [...new Set(named)].filter((id) => id !== own);
	const base = baseSubject(subject);
	return {
		messageId: own,
		references: boundedReferences(references),
		baseSubject: base.text,
		isReply: base.isReply
	};
}
