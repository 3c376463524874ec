import type { MailAddress } from '#schema/mail/address.ts';
import { readRecipients } from './recipient-input.ts';

/** What a mail link asks for. */
export interface MailLink {
	readonly to: readonly MailAddress[];
	readonly cc: readonly MailAddress[];
	readonly subject: string;
	readonly body: string;
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		// A stray per cent sign: the text is meant literally.
		return text;
	}
}

const people = (text: string): MailAddress[] =>
	readRecipients(decoded(text)).map(({ name, address }) => ({ name, address }));

/**
 * Reads what follows `mailto:` (RFC 6068). Only the fields a person sees are taken; hidden recipients and
 * other headers of a link are not.
 */
export function readMailLink(link: string): MailLink {
	const [to = '', query = ''] = link.slice(0, 20_000).split(/\?(.*)/s);
	const fields = new Map<string, string>();
	for (const pair of query.split('&')) {
		const [name = '', value = ''] = pair.split(/=(.*)/s);
		const key = name.toLowerCase();
		if (!fields.has(key)) fields.set(key, value);
	}
	const extra = fields.get('to');
	return {
		to: [...people(to), ...(extra === undefined ? [] : people(extra))],
		cc: people(fields.get('cc') ?? ''),
		subject: decoded(fields.get('subject') ?? '').replaceAll(/[\r\n]+/g, ' '),
		body: decoded(fields.get('body') ?? '')
	};
}
