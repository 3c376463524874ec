import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** An SMTP client that says exactly what it is told to, for tests. */
export class Client {
	readonly #socket: Socket;
	#received = '';
	#wake: () => void = () => undefined;
	#isOver = false;

	private constructor(socket: Socket) {
		this.#socket = socket;
		socket.setEncoding('utf8').on('data', (text: string) => {
			this.#received += text;
			this.#wake();
		});
		socket.on('error', () => undefined);
		socket.on('close', () => {
			this.#isOver = true;
			this.#wake();
		});
	}

	/** Connects, and answers with the greeting read. */
	static async connect(port: number): Promise<{ readonly client: Client; readonly greeting: string }> {
		const client = new Client(connect(port, '127.0.0.1'));
		return { client, greeting: await client.reply() };
	}

	/** Connects and says hello. */
	static async open(port: number, hello = 'EHLO client.example'): Promise<Client> {
		const { client } = await Client.connect(port);
		await client.say(hello);
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
		for (;;) {
			const match = /^(?:\d{3}-.*\r\n)*\d{3}(?: .*)?\r\n/.exec(this.#received);
			if (match !== null || this.#isOver) {
				const reply = match?.[0] ?? this.#received;
				this.#received = this.#received.slice(reply.length);
				return reply.trimEnd();
			}
			await new Promise<void>((resolve) => (this.#wake = resolve));
		}
	}

	/** What comes next, as it comes. */
	async piece(): Promise<string> {
		if (this.#received === '') await new Promise<void>((resolve) => (this.#wake = resolve));
		const piece = this.#received;
		this.#received = '';
		return piece;
	}

	/** Sends a message in one transaction; answers the reply to its last step, or the first refusal. */
	async send(from: string, to: readonly string[], message: string | Uint8Array): Promise<string> {
		for (const line of [`MAIL FROM:<${from}>`, ...to.map((address) => `RCPT TO:<${address}>`), 'DATA']) {
			const reply = await this.say(line);
			if (!/^[23]/.test(reply)) return reply;
		}
		this.write(stuffed(message));
		this.write('.\r\n');
		return this.reply();
	}

	/** Ends the connection without a word. */
	async drop(): Promise<void> {
		this.#socket.destroy();
		if (!this.#isOver) await once(this.#socket, 'close');
	}
}

/** A message whose lines end with CRLF as DATA wants it (RFC 5321 section 4.5.2). */
export function stuffed(message: string | Uint8Array): Buffer {
	const text = Buffer.from(message).toString('latin1');
	return Buffer.from(text.replace(/(^|\r\n)\./g, '$1..'), 'latin1');
}
