import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** A server's reply did not begin as wanted, or the connection broke. */
export class SmtpFault extends Error {
	/** The last line of the reply; null where the connection broke. */
	readonly reply: string | null;

	constructor(wanted: string, reply: string | null) {
		super(`wanted ${wanted}, got ${reply ?? 'a broken connection'}`);
		this.reply = reply;
	}
}

/** An SMTP client that sends exactly what it is told: for bytes and orders that well-behaved clients avoid. */
export class RawSmtp {
	readonly #socket: Socket;
	readonly #replies: AsyncIterator<string>;
	readonly #broken: Promise<null>;

	private constructor(socket: Socket) {
		this.#socket = socket;
		this.#replies = createInterface({ input: socket })[Symbol.asyncIterator]();
		this.#broken = new Promise((resolve) => {
			socket.on('error', () => resolve(null));
			socket.on('close', () => resolve(null));
		});
	}

	/** Connects to the port of 127.0.0.1 and greets. */
	static async connect(port: number): Promise<RawSmtp> {
		const smtp = new RawSmtp(createConnection(port, '127.0.0.1'));
		await smtp.expect('220');
		await smtp.say('EHLO lab.example\r\n', '250');
		return smtp;
	}

	/** Writes bytes without waiting. */
	write(data: string | Uint8Array): void {
		this.#socket.write(data);
	}

	/** Waits for a reply that begins with `wanted`; throws SmtpFault on any other. */
	async expect(wanted: string): Promise<string> {
		for (;;) {
			// The reader passes on the socket's error, which says no more than that the connection broke.
			const line = await Promise.race([this.#replies.next().catch(() => null), this.#broken]);
			if (line === null || line.done === true) throw new SmtpFault(wanted, null);
			if (line.value[3] === '-') continue;
			if (!line.value.startsWith(wanted)) throw new SmtpFault(wanted, line.value);
			return line.value;
		}
	}

	/** Writes and waits. */
	async say(data: string | Uint8Array, wanted: string): Promise<string> {
		this.write(data);
		return this.expect(wanted);
	}

	/** One whole message: envelope, dot-stuffed bytes, 250. `message` ends with CRLF. */
	async deliver(from: string, recipients: readonly string[], message: Uint8Array): Promise<void> {
		await this.say(`MAIL FROM:<${from}>\r\n`, '250');
		for (const recipient of recipients) await this.say(`RCPT TO:<${recipient}>\r\n`, '250');
		await this.say('DATA\r\n', '354');
		this.write(dotStuffed(message));
		await this.say('.\r\n', '250');
	}

	close(): void {
		this.#socket.destroy();
	}
}

/** The message with a dot before each line that begins with one (RFC 5321 section 4.5.2). */
function dotStuffed(message: Uint8Array): Uint8Array {
	const text = Buffer.from(message).toString('latin1');
	return Buffer.from(text.replace(/^\./, '..').replaceAll('\r\n.', '\r\n..'), 'latin1');
}

/** The message as it must go over SMTP: every line end CRLF (RFC 5321 section 2.3.8), one at the end. */
export function withWireLineEnds(message: Uint8Array): Uint8Array {
	const text = Buffer.from(message)
		.toString('latin1')
		.replace(/\r\n|\r|\n/g, '\r\n');
	return Buffer.from(text.endsWith('\r\n') ? text : `${text}\r\n`, 'latin1');
}
