import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/** A mail server outside that really speaks SMTP, and does what a test wants. */

/** A refusal by reply code and text. */
export interface Refused {
	readonly code: number;
	readonly text: string;
}

export interface Received {
	readonly sender: string;
	readonly recipients: readonly string[];
	readonly raw: string;
}

export interface SinkBehaviour {
	/** What a recipient is answered with; null where it is taken. */
	recipient(address: string): Refused | null;
	/** What a whole message is answered with. `vanish`: the connection ends with no answer. */
	message(message: Received): Refused | 'take' | 'vanish' | Promise<Refused | 'take' | 'vanish'>;
}

const hospitable: SinkBehaviour = { recipient: () => null, message: () => 'take' };

export class Sink {
	readonly received: Received[] = [];
	/** Messages of which the end was seen, whatever they were answered with. */
	readonly seen: Received[] = [];
	/** Connections that ended in the middle of a message. */
	cutOff = 0;
	behaviour: SinkBehaviour = hospitable;
	readonly #server: SMTPServer;

	private constructor(options: { readonly tls: boolean; readonly hidePipelining: boolean }) {
		this.#server = new SMTPServer({
			name: 'sink.example',
			disabledCommands: options.tls ? [] : ['AUTH', 'STARTTLS'],
			authOptional: true,
			hidePIPELINING: options.hidePipelining,
			disableReverseLookup: true,
			logger: false,
			closeTimeout: 100,
			onAuth: ({ username }, _, callback) => callback(null, { user: username }),
			onRcptTo: ({ address }, _, callback) => {
				const refused = this.behaviour.recipient(address);
				callback(refused === null ? null : errorOf(refused));
			},
			onData: (stream, session, callback) => {
				buffer(stream).then(
					(bytes) => this.#answer(session, bytes, callback),
					() => {
						this.cutOff += 1;
						callback(new Error('cut off'));
					}
				);
			}
		});
		this.#server.on('error', () => undefined);
	}

	static async listen(
		options: { readonly tls?: boolean; readonly hidePipelining?: boolean } = {}
	): Promise<Sink> {
		const sink = new Sink({ tls: options.tls ?? false, hidePipelining: options.hidePipelining ?? false });
		const listener = sink.#server.listen(0, '127.0.0.1');
		await once(listener, 'listening');
		return sink;
	}

	get url(): URL {
		const address = this.#server.server.address() as AddressInfo;
		return new URL(`smtp://127.0.0.1:${address.port}`);
	}

	close(): Promise<void> {
		return new Promise((resolve) => this.#server.close(resolve));
	}

	async #answer(
		session: SMTPServerSession,
		bytes: Buffer,
		callback: (error?: Error | null) => void
	): Promise<void> {
		const { mailFrom, rcptTo } = session.envelope;
		const message = {
			sender: mailFrom === false ? '' : mailFrom.address,
			recipients: rcptTo.map(({ address }) => address),
			raw: bytes.toString('latin1')
		};
		this.seen.push(message);
		const answer = await this.behaviour.message(message);
		if (answer === 'vanish') {
			for (const connection of this.#server.connections)
				if (connection.session === session) connection.close();
			return;
		}
		if (answer === 'take') this.received.push(message);
		callback(answer === 'take' ? null : errorOf(answer));
	}
}

function errorOf({ code, text }: Refused): Error {
	return Object.assign(new Error(text), { responseCode: code });
}
