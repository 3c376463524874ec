import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A letter as it came over the wire. */
export interface SunkLetter {
	/** MAIL FROM; empty for a bounce. */
	from: string;
	/** RCPT TO, in order. */
	to: string[];
	/** What stood between DATA and the final dot, unstuffed, byte for byte. */
	raw: Buffer;
}

/** What the sink says to a recipient: take the letter, or an SMTP reply of 4xx or 5xx. */
export type Verdict = 'take' | { code: number; text: string };

/**
 * A mail server of the outside world: it takes every letter for every recipient and keeps it. A test can have
 * it refuse recipients, and wait for letters.
 */
export class SmtpSink {
	readonly letters: SunkLetter[] = [];
	/** Asked at every RCPT TO, with the recipient's address. */
	judge: (recipient: string) => Verdict = () => 'take';
	/** Asked when a letter is whole: whether the connection breaks before it is answered for. */
	breaksAfter: (letter: SunkLetter) => boolean = () => false;
	readonly #sockets = new Map<number, Socket>();
	readonly #server: SMTPServer;
	readonly #waiting = new Set<() => void>();

	private constructor() {
		this.#server = new SMTPServer({
			authOptional: true,
			disabledCommands: ['STARTTLS', 'AUTH'],
			onRcptTo: ({ address }, _session, done) => {
				const verdict = this.judge(address);
				done(verdict === 'take' ? undefined : refusal(verdict));
			},
			onData: (stream, { envelope, remotePort }, done) => {
				const chunks: Buffer[] = [];
				stream.on('data', (chunk: Buffer) => chunks.push(chunk));
				stream.on('end', () => {
					const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
					const to = envelope.rcptTo.map(({ address }) => address);
					const letter = { from, to, raw: Buffer.concat(chunks) };
					this.letters.push(letter);
					if (this.breaksAfter(letter)) this.#sockets.get(remotePort)?.destroy();
					else done();
					for (const look of this.#waiting) look();
				});
			}
		});
		this.#server.server.on('connection', (socket: Socket) => {
			const { remotePort = 0 } = socket;
			this.#sockets.set(remotePort, socket);
			socket.on('close', () => this.#sockets.delete(remotePort));
		});
		// A client that is killed in the middle of a letter breaks its connection; that is the test's business.
		this.#server.on('error', () => undefined);
	}

	/** A sink that listens, on the given port of 127.0.0.1 or a free one. `close` it in the end. */
	static async listen(port = 0): Promise<SmtpSink> {
		const sink = new SmtpSink();
		await once(sink.#server.listen(port, '127.0.0.1'), 'listening');
		return sink;
	}

	/** The port it listens on. */
	get port(): number {
		return (this.#server.server.address() as AddressInfo).port;
	}

	/** Its address as a server's smarthost. */
	get address(): string {
		return `smtp://127.0.0.1:${String(this.port)}`;
	}

	/** The first letter for which this holds, whether it is there already or comes within the time (in ms). */
	letter(holds: (letter: SunkLetter) => boolean, within = 20_000): Promise<SunkLetter> {
		return new Promise((resolve, reject) => {
			const finish = () => {
				this.#waiting.delete(look);
				clearTimeout(patience);
			};
			const look = () => {
				const found = this.letters.find(holds);
				if (found === undefined) return;
				finish();
				resolve(found);
			};
			const patience = setTimeout(() => {
				finish();
				const seen = this.letters.map(({ from, to }) => `${from} -> ${to.join(', ')}`).join('; ');
				reject(new Error(`No such letter came out within ${String(within)} ms; seen: ${seen || 'none'}.`));
			}, within);
			this.#waiting.add(look);
			look();
		});
	}

	/** Ends all connections and stops listening. */
	close(): Promise<void> {
		return new Promise((resolve) => this.#server.close(resolve));
	}
}

function refusal({ code, text }: { code: number; text: string }): Error {
	return Object.assign(new Error(text), { responseCode: code });
}
