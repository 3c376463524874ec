import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A server's reply did not begin as wanted, or the connection broke. */
export class SmtpFault extends Error {
	/** The reply; null where the connection broke. */
	readonly reply: string | null;

	constructor(wanted: string, reply: string | null) {
		super(`wanted ${wanted}, got ${reply ?? 'a broken connection'}`);
		this.reply = reply;
	}
}

/** An SMTP client that says exactly what it is told: for bytes and orders that well-behaved clients avoid. */
export class SmtpClient {
	readonly #socket: Socket;
	#received = '';
	#wake: () => void = () => undefined;
	#isOver = false;

	private constructor(socket: Socket) {
		this.#socket = socket;
		socket.setNoDelay(true);
		socket.setEncoding('utf8').on('data', (text: string) => {
			this.#received += text;
			this.#wake();
		});
		// It says no more than that the connection broke, which `close` says too.
		socket.on('error', () => undefined);
		socket.on('close', () => {
			this.#isOver = true;
			this.#wake();
		});
	}

	/** Connects to the port of 127.0.0.1, and answers with the greeting read. */
	static async connect(port: number): Promise<{ readonly client: SmtpClient; readonly greeting: string }> {
		const client = new SmtpClient(connect(port, '127.0.0.1'));
		return { client, greeting: await client.reply() };
	}

	/** Connects and says hello; throws SmtpFault unless it is welcome. */
	static async open(port: number, hello = 'EHLO client.example'): Promise<SmtpClient> {
		const client = new SmtpClient(connect(port, '127.0.0.1'));
		await client.expect('220');
		client.write(`${hello}\r\n`);
		await client.expect('250');
		return client;
	}

	/** Writes bytes as they are. */
	write(bytes: string | Uint8Array): void {
		this.#socket.write(bytes);
	}

	/** Says a line and answers with the reply to it. */
	say(line: string): Promise<string> {
		this.write(`${line}\r\n`);
		return this.reply();
	}

	/** The next reply, all its lines; what there is of it where the connection ended. */
	async reply(): Promise<string> {
		return (await this.#wholeReply()) ?? this.#take(this.#received.length).trimEnd();
	}

	/** The next reply, which must begin with `wanted`; throws SmtpFault on any other. */
	async expect(wanted: string): Promise<string> {
		const reply = await this.#wholeReply();
		if (reply?.startsWith(wanted) !== true) throw new SmtpFault(wanted, reply);
		return reply;
	}

	/** What comes next, as it comes. */
	async piece(): Promise<string> {
		if (this.#received === '') await new Promise<void>((resolve) => (this.#wake = resolve));
		return this.#take(this.#received.length);
	}

	/** Sends a message in one transaction; answers the reply to its last step, or the first refusal. */
	async send(from: string, to: readonly string[], message: string | Uint8Array): Promise<string> {
		for (const line of envelopeOf(from, to)) {
			const reply = await this.say(line);
			if (!/^[23]/.test(reply)) return reply;
		}
		this.write(stuffed(message));
		return this.say('.');
	}

	/** Sends a message, every step waited for; throws SmtpFault unless every one is answered as it should be. */
	async deliver(from: string, to: readonly string[], message: string | Uint8Array): Promise<void> {
		for (const line of envelopeOf(from, to)) {
			this.write(`${line}\r\n`);
			await this.expect(line === 'DATA' ? '354' : '250');
		}
		this.write(stuffed(message));
		this.write('.\r\n');
		await this.expect('250');
	}

	/** Ends the connection without a word. */
	async drop(): Promise<void> {
		this.#socket.destroy();
		if (!this.#isOver) await once(this.#socket, 'close');
	}

	/** Null where the connection ended before the reply was whole. */
	async #wholeReply(): Promise<string | null> {
		for (;;) {
			const match = /^(?:\d{3}-.*\r\n)*\d{3}(?: .*)?\r\n/.exec(this.#received);
			if (match !== null) return this.#take(match[0].length).trimEnd();
			if (this.#isOver) return null;
			await new Promise<void>((resolve) => (this.#wake = resolve));
		}
	}

	#take(length: number): string {
		const taken = this.#received.slice(0, length);
		this.#received = this.#received.slice(length);
		return taken;
	}
}

function envelopeOf(from: string, to: readonly string[]): string[] {
	return [`MAIL FROM:<${from}>`, ...to.map((address) => `RCPT TO:<${address}>`), 'DATA'];
}

/** A message whose lines end with CRLF as DATA wants it (RFC 5321 section 4.5.2). */
export function stuffed(message: string | Uint8Array): Buffer {
	const text = Buffer.from(message).toString('latin1');
	return Buffer.from(text.replace(/(^|\r\n)\./g, '$1..'), 'latin1');
}

/** The message as it must go over SMTP: every line end CRLF (RFC 5321 section 2.3.8), one at the end. */
export function withWireLineEnds(message: Uint8Array): Uint8Array {
	const text = Buffer.from(message)
		.toString('latin1')
		.replace(/\r\n|\r|\n/g, '\r\n');
	return Buffer.from(text.endsWith('\r\n') ? text : `${text}\r\n`, 'latin1');
}
