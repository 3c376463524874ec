import nodemailer from 'nodemailer';

/** A letter to send, with its envelope. */
export interface Letter {
	/** MAIL FROM; empty for the null sender. */
	from: string;
	/** RCPT TO. */
	to: readonly string[];
	/** The whole message; bare LF goes out as CRLF, dots are stuffed. */
	raw: string | Uint8Array;
	/** To sign in with, as submission wants it. */
	account?: { user: string; password: string };
}

/** What the server has said to a letter. */
export interface SendResult {
	/** The addresses it took. */
	accepted: string[];
	/** The addresses it refused. */
	rejected: string[];
	/** Its last reply, such as `250 2.0.0 …`. */
	response: string;
}

/**
 * Sends a letter by SMTP to that port of 127.0.0.1, with STARTTLS if the server offers it (any certificate
 * will do). Rejects, with nodemailer's error and its `responseCode`, if the server takes it for nobody.
 */
export async function sendLetter(port: number, { from, to, raw, account }: Letter): Promise<SendResult> {
	const transport = nodemailer.createTransport({
		host: '127.0.0.1',
		port,
		secure: false,
		tls: { rejectUnauthorized: false },
		...(account === undefined ? {} : { auth: { user: account.user, pass: account.password } })
	});
	try {
		const { accepted, rejected, response } = await transport.sendMail({
			envelope: { from, to: [...to] },
			raw: typeof raw === 'string' ? raw : Buffer.from(raw)
		});
		return { accepted: accepted.map(addressOf), rejected: rejected.map(addressOf), response };
	} finally {
		transport.close();
	}
}

function addressOf(recipient: string | { address: string }): string {
	return typeof recipient === 'string' ? recipient : recipient.address;
}
