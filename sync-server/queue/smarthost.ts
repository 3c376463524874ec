import { Readable } from 'node:stream';
import type { NodemailerError } from 'nodemailer/lib/errors.js';
import SMTPConnection, { type SMTPConnectionSendInfo } from 'nodemailer/lib/smtp-connection';
import { isLoopbackName } from './loopback.ts';

/** A message to be handed to the smarthost for some recipients. */
export interface Handover {
	/** MAIL FROM; empty for the null sender. */
	readonly sender: string;
	readonly recipients: readonly string[];
	/** Bytes of the message, for the SIZE parameter. */
	readonly size: number;
	readonly content: AsyncIterable<Uint8Array>;
	/** Awaited before the last bytes leave; where it fails, they never do. */
	readonly beforeLastByte: () => Promise<void>;
}

/** The smarthost's last word on one recipient. */
export type RecipientAnswer = {
	readonly recipient: string;
	/** Enhanced status code (RFC 3463), where the answer had one. */
	readonly status: string | null;
	readonly detail: string;
} & (
	| { readonly kind: 'taken' }
	/** `permanent`: the same would be refused again. */
	| { readonly kind: 'refused'; readonly permanent: boolean }
);

export type HandoverResult =
	| { readonly kind: 'answered'; readonly answers: readonly RecipientAnswer[] }
	/** No answer came. Where the last byte may have left, the smarthost may have the message. */
	| {
			readonly kind: 'broken';
			readonly detail: string;
			readonly lastByteLeft: boolean;
			/** Why the smarthost did not even let us in, in words of this machine that name nobody; null where it did. */
			readonly notReached: string | null;
	  };

/** Who takes mail to the outside. */
export interface Smarthost {
	/** Never rejects: what went wrong is in the result. */
	hand(handover: Handover): Promise<HandoverResult>;
	/** Breaks off everything that is under way. */
	abort(): void;
}

export interface SmarthostOptions {
	/** `smtp://user:password@host:port`, or `smtps:` for TLS from the start. */
	readonly url: URL;
	/** Our name, said in EHLO. */
	readonly name: string;
	/** Milliseconds without a sign from the smarthost before it is given up. */
	readonly patience?: number;
}

/** RFC 5321 section 4.5.3.2.6: ten minutes for the answer to the end of DATA. */
const defaultPatience = 10 * 60_000;

/** A smarthost spoken to by SMTP, one connection for each message. */
export function smarthostAt(options: SmarthostOptions): Smarthost {
	const open = new Set<SMTPConnection>();
	return {
		hand: async (handover) => {
			const connection = new SMTPConnection(connectionOptions(options));
			open.add(connection);
			try {
				return await converse(connection, options.url, handover);
			} finally {
				open.delete(connection);
				connection.close();
			}
		},
		abort: () => {
			for (const connection of open) connection.close();
		}
	};
}

function connectionOptions({
	url,
	name,
	patience = defaultPatience
}: SmarthostOptions): SMTPConnection.Options {
	const secure = url.protocol === 'smtps:';
	const isLocal = isLoopbackName(url.hostname);
	return {
		host: url.hostname.replace(/^\[|\]$/g, ''),
		port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
		secure,
		// A password never crosses a network in the clear, and on this machine a certificate proves nothing.
		requireTLS: !secure && !isLocal && url.username !== '',
		ignoreTLS: isLocal,
		name,
		connectionTimeout: Math.min(patience, 30_000),
		greetingTimeout: Math.min(patience, 60_000),
		socketTimeout: patience
	};
}

async function converse(connection: SMTPConnection, url: URL, handover: Handover): Promise<HandoverResult> {
	let lastByteLeft = false;
	const beforeLastByte = async () => {
		await handover.beforeLastByte();
		lastByteLeft = true;
	};
	const broken = brokenConnection(connection);
	try {
		await Promise.race([broken, connected(connection)]);
		await Promise.race([broken, signedIn(connection, url)]);
	} catch (error) {
		return { kind: 'broken', detail: wordsOf(error), lastByteLeft, notReached: causeOf(error) };
	}
	const content = Readable.from(heldBack(handover.content, beforeLastByte), { objectMode: false });
	try {
		const info = await Promise.race([broken, sent(connection, handover, content)]);
		connection.quit();
		return { kind: 'answered', answers: answersOf(info, handover.recipients) };
	} catch (error) {
		content.destroy();
		const answers = refusalsOf(error, handover.recipients);
		if (answers !== null) return { kind: 'answered', answers };
		return { kind: 'broken', detail: wordsOf(error), lastByteLeft, notReached: null };
	}
}

/** Rejects when the connection ends or fails; it may do so at any time, also when nobody waits any more. */
function brokenConnection(connection: SMTPConnection): Promise<never> {
	const { promise, reject } = Promise.withResolvers<never>();
	connection.on('error', reject);
	connection.on('end', () => reject(new Error('Connection closed')));
	// Who waits is told by the race it is in; when nobody does, the conversation is over and this is no news.
	promise.catch(() => undefined);
	return promise;
}

/** The content, its last piece only after `before` is done. */
async function* heldBack(
	content: AsyncIterable<Uint8Array>,
	before: () => Promise<void>
): AsyncGenerator<Uint8Array> {
	let held: Uint8Array | null = null;
	for await (const piece of content) {
		if (held !== null) yield held;
		held = piece;
	}
	await before();
	if (held !== null) yield held;
}

function connected(connection: SMTPConnection): Promise<void> {
	return new Promise((resolve, reject) => {
		connection.connect((error) => (error === undefined ? resolve() : reject(error)));
	});
}

function signedIn(connection: SMTPConnection, url: URL): Promise<void> {
	if (url.username === '') return Promise.resolve();
	const credentials = { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) };
	return new Promise((resolve, reject) => {
		connection.login(credentials, (error) => (error === null ? resolve() : reject(error)));
	});
}

function sent(
	connection: SMTPConnection,
	handover: Handover,
	content: Readable
): Promise<SMTPConnectionSendInfo> {
	const envelope = {
		from: handover.sender,
		to: [...handover.recipients],
		size: handover.size,
		use8BitMime: true
	};
	return new Promise((resolve, reject) => {
		connection.send(envelope, content, (error, info) => (error === null ? resolve(info) : reject(error)));
	});
}

const statusPattern = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/;

function answered(
	recipient: string,
	response: string
): { recipient: string; status: string | null; detail: string } {
	const detail = response.replace(/\s+/g, ' ').slice(0, 500);
	return { recipient, status: statusPattern.exec(response)?.[1] ?? null, detail };
}

function refused(recipient: string, error: NodemailerError): RecipientAnswer {
	return {
		kind: 'refused',
		permanent: error.permanent === true,
		...answered(recipient, error.response ?? error.message)
	};
}

function answersOf(info: SMTPConnectionSendInfo, recipients: readonly string[]): RecipientAnswer[] {
	const errors = new Map((info.rejectedErrors ?? []).map((error) => [error.recipient, error]));
	return recipients.map((recipient) => {
		const error = errors.get(recipient);
		return error === undefined
			? { kind: 'taken', ...answered(recipient, info.response) }
			: refused(recipient, error);
	});
}

/** What the smarthost said no to; null where it said nothing. */
function refusalsOf(error: unknown, recipients: readonly string[]): RecipientAnswer[] | null {
	if (!(error instanceof Error)) return null;
	const failure: NodemailerError = error;
	if (failure.code === 'EMESSAGE' && failure.responseCode === undefined) {
		return recipients.map((recipient) => ({
			kind: 'refused',
			permanent: true,
			recipient,
			status: '5.3.4',
			detail: failure.message.slice(0, 500)
		}));
	}
	if (failure.responseCode === undefined) return null;
	const errors = new Map((failure.rejectedErrors ?? []).map((one) => [one.recipient, one]));
	return recipients.map((recipient) => refused(recipient, errors.get(recipient) ?? failure));
}

function wordsOf(error: unknown): string {
	return (error instanceof Error ? error.message : 'no answer').replace(/\s+/g, ' ').slice(0, 500);
}

/** What may be logged of an error: its words where they are this machine's, of an answer the reply code alone. */
function causeOf(error: unknown): string {
	const { code = '', responseCode }: NodemailerError =
		error instanceof Error ? error : new Error('no answer');
	return responseCode === undefined ? `${code} ${wordsOf(error)}` : `${code} ${responseCode}`;
}
