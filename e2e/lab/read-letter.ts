import { simpleParser } from 'mailparser';

/** A letter as an independent mail program reads it. */
export interface ReadLetter {
	readonly messageId: string;
	readonly subject: string;
	readonly from: string;
	readonly to: readonly string[];
	readonly cc: readonly string[];
	readonly text: string;
	readonly html: string;
	readonly inReplyTo: string | undefined;
	readonly references: readonly string[];
	readonly date: Date | undefined;
	readonly attachments: readonly { name: string | undefined; type: string; content: Buffer }[];
	/** The header as it stands, without the body. */
	readonly header: string;
}

type Addresses = Awaited<ReturnType<typeof simpleParser>>['to'];

function addressesOf(field: Addresses): string[] {
	const groups = field === undefined ? [] : Array.isArray(field) ? field : [field];
	return groups.flatMap(({ value }) => value.map(({ address }) => address ?? ''));
}

/** Reads a letter's bytes with mailparser, which shares no code with the product. */
export async function readLetter(raw: Uint8Array): Promise<ReadLetter> {
	const bytes = Buffer.from(raw);
	const mail = await simpleParser(bytes);
	const { references = [] } = mail;
	return {
		messageId: mail.messageId ?? '',
		subject: mail.subject ?? '',
		from: mail.from?.value[0]?.address ?? '',
		to: addressesOf(mail.to),
		cc: addressesOf(mail.cc),
		text: mail.text ?? '',
		html: mail.html === false || mail.html === undefined ? '' : mail.html,
		inReplyTo: mail.inReplyTo,
		references: Array.isArray(references) ? references : [references],
		date: mail.date,
		attachments: mail.attachments.map(({ filename, contentType, content }) => ({
			name: filename,
			type: contentType,
			content: Buffer.from(content)
		})),
		header: bytes.toString('latin1').split('\r\n\r\n', 1)[0] ?? ''
	};
}
