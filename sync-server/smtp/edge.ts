import type { Logger } from 'pino';
import {
	SMTPServer,
	type SMTPServerDataStream,
	type SMTPServerOptions,
	type SMTPServerSession
} from 'smtp-server';
import { submissionLimits } from '#schema/mail/submission-limits.ts';
import type { Directory } from '../accounts/directory.ts';
import { isLoopback, plainAddress } from '../accounts/network.ts';
import type { Queue } from '../queue/queue.ts';
import { Conversations, type AddressLimits, type Conversation } from './conversations.ts';
import type { EdgeCounters, EdgeKind } from './counters.ts';
import { groupReplies } from './grouped-replies.ts';
import { isExpected, Reply, replyTo, traitsOf } from './reply.ts';

/** What the edges need of the rest of the server. */
export interface EdgeDeps {
	readonly queue: Queue;
	readonly directory: Pick<Directory, 'resolveRecipient' | 'identitiesOf' | 'verifyPassword'>;
	/** Our name: in the greeting, and in `Received`. */
	readonly name: string;
	/** The organisation's main domain, of which a bare `postmaster` is (RFC 5321 section 4.5.1). */
	readonly domain: string;
	/** Certificate chain and private key, PEM; null where STARTTLS is not offered. */
	readonly tls: { readonly certificate: string | Buffer; readonly key: string | Buffer } | null;
	/** Bytes of the largest message taken (SMTP SIZE). */
	readonly maxBytes: number;
	readonly addressLimits: AddressLimits;
	/** Whether a peer's address is this machine itself; known by the system's rules where it is not given. */
	readonly isLocal?: (address: string) => boolean;
	/** Milliseconds UTC. */
	readonly now: () => number;
	readonly logger: Logger;
	readonly counters: EdgeCounters;
}

/** What is said to a client besides refusals: the text of a 250, for LMTP one for each RCPT. */
export type Answer = string | (string | Reply)[];

/** What an edge does at the steps of a conversation; a step refuses by throwing. */
export interface EdgeSteps {
	mailFrom(session: SMTPServerSession, sender: string): Promise<void>;
	rcptTo(session: SMTPServerSession, address: string, conversation: Conversation): Promise<void>;
	/** Receives a message. */
	data(
		session: SMTPServerSession,
		data: AsyncIterable<Uint8Array>,
		conversation: Conversation
	): Promise<Answer>;
	/** Who somebody with this password is; the answer is kept as `session.user`. */
	readonly authenticate?: (session: SMTPServerSession, username: string, password: string) => Promise<object>;
}

/** The server of one edge, not yet listening. */
export interface Edge {
	readonly server: SMTPServer;
	readonly conversations: Conversations;
}

/** Recipients of one message at most. */
const mostRecipients: Readonly<Record<EdgeKind, number>> = {
	receiving: 100,
	submission: submissionLimits.recipients,
	lmtp: 500
};

/** Connections of one edge at once, from everywhere. */
const mostConnections = 1000;

/** Milliseconds a client may be silent (RFC 5321 section 4.5.3.2.7). */
const patience = 5 * 60_000;

/** Milliseconds that a transaction under way gets when the edge closes. */
const closePatience = 5000;

/** Commands that do nothing here, or tell more than they should. */
const uselessCommands = ['VRFY', 'WIZ', 'SHELL', 'KILL', 'XCLIENT', 'XFORWARD'];

/** Makes an edge out of its steps: options, limits, who was heard, and the mapping of errors to replies. */
export function createEdge(kind: EdgeKind, deps: EdgeDeps, steps: EdgeSteps): Edge {
	const conversations = new Conversations({
		limits: deps.addressLimits,
		isLocal: deps.isLocal ?? isLoopback,
		now: deps.now,
		ended: (envelopes, ending) => deps.queue.ended(envelopes, ending)
	});
	const server = new SMTPServer({
		...optionsOf(kind, deps),
		logger: hearing(conversations),
		...handlers(kind, deps, conversations, steps)
	});
	server.server.prependListener('connection', groupReplies);
	server.on('error', (error) => deps.logger.debug({ edge: kind, error: error.name }, 'a connection failed'));
	return { server, conversations };
}

function optionsOf(kind: EdgeKind, { name, tls, maxBytes }: EdgeDeps): SMTPServerOptions {
	return {
		name,
		lmtp: kind === 'lmtp',
		size: maxBytes,
		maxClients: mostConnections,
		maxRecipients: mostRecipients[kind],
		socketTimeout: patience,
		closeTimeout: closePatience,
		disableReverseLookup: true,
		authMethods: ['PLAIN', 'LOGIN'],
		// Whether a connection may authenticate is decided when it opens, by what its session may do.
		allowInsecureAuth: true,
		disabledCommands: disabledCommands(kind, tls !== null, true),
		...(tls === null ? {} : { cert: tls.certificate, key: tls.key })
	};
}

function disabledCommands(kind: EdgeKind, hasTls: boolean, isPrivate: boolean): string[] {
	const mayAuthenticate = kind === 'submission' && isPrivate;
	return [...uselessCommands, ...(hasTls ? [] : ['STARTTLS']), ...(mayAuthenticate ? [] : ['AUTH'])];
}

/** The library tells its logger of each command, and nobody else; nothing of it is logged. */
function hearing(conversations: Conversations) {
	return {
		debug: (entry: { readonly tnx?: unknown; readonly cid?: unknown }) => {
			if (entry.tnx === 'command' && typeof entry.cid === 'string') conversations.heard(entry.cid);
		}
	};
}

/** What an error is answered with, which is counted; a fault of the server is logged with its place in the code. */
export function refusalOf(kind: EdgeKind, { counters, logger }: EdgeDeps, error: unknown): Reply {
	const reply = replyTo(error);
	counters.refused(kind, reply.responseCode);
	if (!isExpected(error)) {
		// Whoever hangs up in the middle of a message is no fault of ours.
		const level = isHangUp(error) ? 'debug' : 'error';
		logger[level](
			{ edge: kind, reply: reply.responseCode, ...traitsOf(error) },
			'a step of a conversation failed'
		);
	}
	return reply;
}

const hangUps = new Set(['ECONNRESET', 'EPIPE', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR']);

function isHangUp(error: unknown): boolean {
	return error instanceof Error && 'code' in error && hangUps.has(String(error.code));
}

type Callback = (error?: Error | null) => void;

function handlers(
	kind: EdgeKind,
	deps: EdgeDeps,
	conversations: Conversations,
	steps: EdgeSteps
): SMTPServerOptions {
	const { counters, tls, isLocal = isLoopback } = deps;
	const refusal = (error: unknown) => refusalOf(kind, deps, error);
	const step = (callback: Callback, run: () => Promise<void> | void) => {
		const done = async () => run();
		done().then(
			() => callback(),
			(error: unknown) => callback(refusal(error))
		);
	};
	/** A password may only be said over TLS, or where nobody else can listen. */
	const protect = (session: SMTPServerSession) => {
		const isPrivate = session.secure || isLocal(session.remoteAddress);
		session.disabledCommands = disabledCommands(kind, tls !== null, isPrivate);
	};
	return {
		onConnect: (session, callback) =>
			step(callback, () => {
				conversations.open(session.id, plainAddress(session.remoteAddress));
				counters.connected(kind);
				protect(session);
			}),
		onSecure: (socket, session, callback) =>
			step(callback, () => {
				groupReplies(socket);
				protect(session);
			}),
		onMailFrom: ({ address }, session, callback) =>
			step(callback, () => {
				conversations.begin(session.id);
				return steps.mailFrom(session, address);
			}),
		onRcptTo: ({ address }, session, callback) =>
			step(callback, () => {
				const conversation = conversations.of(session.id);
				conversation.ask(mostRecipients[kind]);
				return steps.rcptTo(session, address, conversation);
			}),
		onData: (stream, session, callback) => {
			receive(steps, stream, session, conversations.of(session.id)).then(
				(answer) => callback(null, answer),
				(error: unknown) => callback(refusal(error))
			);
		},
		onAuth: ({ username = '', password }, session, callback) => {
			const { authenticate } = steps;
			if (authenticate === undefined) return callback(new Reply(502, '5.5.1', 'No authentication here'));
			authenticate(session, username, password ?? '').then(
				(user) => callback(null, { user }),
				(error: unknown) => callback(refusal(error))
			);
		},
		onClose: (session) => conversations.close(session.id)
	};
}

async function receive(
	steps: EdgeSteps,
	stream: SMTPServerDataStream,
	session: SMTPServerSession,
	conversation: Conversation
): Promise<Answer> {
	conversation.isReceiving = true;
	try {
		return await steps.data(session, stream.iterator({ destroyOnReturn: false }), conversation);
	} finally {
		conversation.isReceiving = false;
		// What is left of a refused message is read and thrown away, so that its end is seen.
		stream.resume();
	}
}
