import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/** A letter as it came over the wire. */
export interface SunkLetter {
	/** MAIL FROM; empty for a bounce. */
	readonly from: string;
	/** RCPT TO, in order. */
	readonly to: readonly string[];
	/** What stood between DATA and the final dot, unstuffed, byte for byte. */
	readonly raw: Buffer;
	/** The same, a character for each byte. */
	readonly text: string;
}

/** Take it, or an SMTP reply of 4xx or 5xx. */
export type Verdict = 'take' | { readonly code: number; readonly text: string };

/** What a whole letter is answered with. `vanish`: the connection ends with no answer. */
export type Answer = Verdict | 'vanish';

export interface SmtpSinkOptions {
	/** Whether STARTTLS (with a certificate of nobody's) and AUTH (with any password) are offered. */
	readonly tls?: boolean;
	readonly hidePipelining?: boolean;
}

/**
 * A mail server of the outside world: it takes every letter for every recipient and keeps it. A test can have
 * it refuse recipients and letters, and wait for letters.
 */
export class SmtpSink {
	/** Letters that were taken. */
	readonly letters: SunkLetter[] = [];
	/** Letters of which the end was seen, whatever they were answered with. */
	readonly seen: SunkLetter[] = [];
	/** Asked at every RCPT TO, with the recipient's address. */
	judge: (recipient: string) => Verdict = () => 'take';
	/** Asked at the end of every letter. */
	answer: (letter: SunkLetter) => Answer | Promise<Answer> = () => 'take';
	readonly #server: SMTPServer;
	readonly #waiting = new Set<() => void>();

	private constructor({ tls = false, hidePipelining = false }: SmtpSinkOptions) {
		this.#server = new SMTPServer({
			name: 'sink.example',
			authOptional: true,
			disabledCommands: tls ? [] : ['STARTTLS', 'AUTH'],
			hidePIPELINING: hidePipelining,
			disableReverseLookup: true,
			logger: false,
			closeTimeout: 100,
			onAuth: ({ username }, _session, done) => done(null, { user: username }),
			onRcptTo: ({ address }, _session, done) => done(refusalOf(this.judge(address))),
			onData: (stream, session, done) => {
				buffer(stream)
					.then((raw) => this.#finish(raw, session, done))
					.catch((error: unknown) => done(error instanceof Error ? error : new Error(String(error))));
			}
		});
		// A client that is killed in the middle of a letter breaks its connection; that is the test's business.
		this.#server.on('error', () => undefined);
	}

	/** A sink that listens on a free port of 127.0.0.1. `close` it in the end. */
	static async listen(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
		const sink = new SmtpSink(options);
		await once(sink.#server.listen(0, '127.0.0.1'), 'listening');
		return sink;
	}

	/** The port it listens on. */
	get port(): number {
		return (this.#server.server.address() as AddressInfo).port;
	}

	/** Its address as a server's smarthost. */
	get url(): URL {
		return new URL(`smtp://127.0.0.1:${String(this.port)}`);
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

	async #finish(
		raw: Buffer,
		session: SMTPServerSession,
		done: (error?: Error | null) => void
	): Promise<void> {
		const { mailFrom, rcptTo } = session.envelope;
		const letter = {
			from: mailFrom === false ? '' : mailFrom.address,
			to: rcptTo.map(({ address }) => address),
			raw,
			text: raw.toString('latin1')
		};
		this.seen.push(letter);
		const answer = await this.answer(letter);
		if (answer === 'vanish') {
			const connections = [...this.#server.connections].filter((one) => one.session === session);
			for (const connection of connections) connection.close();
			return;
		}
		if (answer === 'take') this.letters.push(letter);
		done(refusalOf(answer));
		for (const look of this.#waiting) look();
	}
}

function refusalOf(verdict: Verdict): Error | null {
	if (verdict === 'take') return null;
	return Object.assign(new Error(verdict.text), { responseCode: verdict.code });
}
