import MailComposer from 'nodemailer/lib/mail-composer';

/** A letter to write; what is not said is left out. */
export interface LetterText {
	/** Addresses as they stand in the header, such as `周岚 <lan@example.cn>`. */
	from: string;
	to: string;
	cc?: string;
	subject: string;
	text?: string;
	html?: string;
	attachments?: readonly { filename: string; content: Uint8Array; contentType?: string; cid?: string }[];
	/** Message-ID without angle brackets; a random one unless said otherwise. */
	messageId?: string;
	/** Message-ID of the letter this one answers, without angle brackets. */
	answers?: string;
	date?: Date;
}

/** The letter's bytes as a mail program would write them, UTF-8, line ends CRLF. */
export function composeLetter(letter: LetterText): Promise<Buffer> {
	const { attachments = [], answers, messageId, cc, text, html, date, ...rest } = letter;
	return new MailComposer({
		...rest,
		...(cc === undefined ? {} : { cc }),
		...(text === undefined ? {} : { text }),
		...(html === undefined ? {} : { html }),
		...(date === undefined ? {} : { date }),
		...(messageId === undefined ? {} : { messageId: `<${messageId}>` }),
		...(answers === undefined ? {} : { inReplyTo: `<${answers}>`, references: `<${answers}>` }),
		attachments: attachments.map(({ content, ...attachment }) => ({
			...attachment,
			content: Buffer.from(content)
		})),
		newline: '\r\n'
	})
		.compile()
		.build();
}
