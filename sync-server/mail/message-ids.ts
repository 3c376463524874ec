/** Message identifiers (RFC 5322 section 3.6.4), as far as they serve to compare. */
import { withoutComments } from './comments.ts';

/** Longest identifier that is kept: a line of RFC 5322 section 2.1.1. */
const idLimit = 998;
/** Most characters of a References field that are read; it holds the newest at its end. */
const fieldLimit = 64 * 1024;

function normal(id: string): string {
	// `<"joe"@example.org>` is `<joe@example.org>` (RFC 5256 section 2.2); folding leaves white space inside.
	return id
		.replace(/\s+/g, '')
		.replace(/^"([^"\\]+)"@/, '$1@')
		.slice(0, idLimit);
}

/**
 * All identifiers of a field, without brackets, in order. Words between them (the obsolete In-Reply-To holds phrases)
 * are passed over; where there are no brackets at all, words with an `@` are taken.
 */
export function messageIds(raw: string): string[] {
	const text = raw.length > fieldLimit ? raw.slice(-fieldLimit) : raw;
	const bracketed = text.match(/<[^<>]{1,2000}>/g);
	if (bracketed) {
		return bracketed.map((id) => normal(withoutComments(id.slice(1, -1)))).filter((id) => id !== '');
	}
	return text
		.split(/[\s,;]+/)
		.filter((word) => /^[^\s@<>()"]+@[^\s@<>()"]+$/.test(word))
		.map(normal);
}

/**
 * The identifiers of an In-Reply-To field. The obsolete form `Message from Ann <ann@example.org> of "date" <id>` holds
 * an address in the same brackets; it is no identifier, and would tie all that is written to Ann into one thread.
 */
export function repliedIds(raw: string): string[] {
	const withoutSender = messageIds(
		raw.slice(0, fieldLimit).replace(/\bfrom\b[^<>]{0,500}<[^<>]{0,500}>/gi, ' ')
	);
	return withoutSender.length > 0 ? withoutSender : messageIds(raw);
}

/** The identifier of a Message-ID field without brackets; one without an `@` counts too. Empty where there is none. */
export function messageId(raw: string): string {
	return messageIds(raw)[0] ?? normal(raw.replace(/[<>]/g, ''));
}
