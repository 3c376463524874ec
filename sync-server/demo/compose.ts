import MailComposer from 'nodemailer/lib/mail-composer';
import type { MailAddress } from '#schema/mail/address.ts';
import { makeFile } from './files/files.ts';
import type { Letter, Sent } from './letter.ts';
import { addressOf, type CorrespondentName } from './people.ts';

/** When a letter was sent, milliseconds UTC; days and times of day are those of this machine's zone. */
export function sentAt(sent: Sent, now: number): number {
	if ('minutesAgo' in sent) return now - sent.minutesAgo * 60_000;
	const date = new Date(now);
	const [hour, minute] = sent.at.split(':').map(Number);
	date.setDate(date.getDate() - sent.daysAgo);
	date.setHours(hour ?? 0, minute ?? 0, 17, 0);
	return date.getTime();
}

/** The Message-ID of a letter, without brackets. */
function messageId(letter: string, domain: string): string {
	return `demonstration.${letter}@${domain}`;
}

/** Ids of the letters a letter goes back to, oldest first. */
function chainOf(letter: Letter, all: ReadonlyMap<string, Letter>): string[] {
	const parent = letter.answers === undefined ? undefined : all.get(letter.answers);
	return parent === undefined ? [] : [...chainOf(parent, all), parent.id];
}

/** The letter as a message (RFC 5322); the same for the same time, but for the boundaries of its parts. */
export async function composeMessage(
	letter: Letter,
	all: ReadonlyMap<string, Letter>,
	{ domain, now }: { readonly domain: string; readonly now: number }
): Promise<Buffer> {
	const address = (name: CorrespondentName): MailAddress => addressOf(name, domain);
	const references = chainOf(letter, all).map((id) => `<${messageId(id, domain)}>`);
	const composer = new MailComposer({
		from: address(letter.from),
		to: letter.to.map(address),
		cc: (letter.cc ?? []).map(address),
		subject: letter.subject,
		date: new Date(sentAt(letter.sent, now)),
		messageId: `<${messageId(letter.id, domain)}>`,
		...(references.length === 0 ? {} : { references, inReplyTo: references.at(-1) ?? '' }),
		text: letter.text,
		...(letter.html === undefined ? {} : { html: letter.html }),
		attachments: (letter.files ?? []).map(makeFile)
	});
	return composer.compile().build();
}
