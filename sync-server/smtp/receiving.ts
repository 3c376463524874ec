import type { SMTPServerSession } from 'smtp-server';
import { canonicalAddress } from '#schema/mail/address.ts';
import { plainAddress } from '../accounts/network.ts';
import { readHeader } from '../queue/header.ts';
import type { Accepted } from '../queue/queue.ts';
import { isLoop, type Trace } from '../queue/trace.ts';
import type { Conversation } from './conversations.ts';
import { createEdge, refusalOf, type Edge, type EdgeDeps } from './edge.ts';
import { relayingDenied, resolvedRecipient } from './recipient-step.ts';
import { Reply } from './reply.ts';

/** How a message came, for its trace. */
export function traceOf(session: SMTPServerSession, name: string): Trace {
	return {
		peer: plainAddress(session.remoteAddress),
		helo: session.hostNameAppearsAs,
		protocol: session.transmissionType,
		by: name
	};
}

interface Received {
	readonly accepted: Accepted;
	readonly size: number;
}

/** Receives a message from another server and accepts it into the queue. */
async function receive(
	deps: EdgeDeps,
	session: SMTPServerSession,
	data: AsyncIterable<Uint8Array>,
	conversation: Conversation,
	watchedRecipients: readonly string[]
): Promise<Received> {
	const { queue } = deps;
	const content = await queue.collect(data);
	try {
		if (isLoop(readHeader(content.head), watchedRecipients)) {
			throw new Reply(554, '5.4.6', 'The message goes round in circles');
		}
		const { mailFrom } = session.envelope;
		const envelope = {
			sender: mailFrom === false ? '' : mailFrom.address,
			recipients: conversation.recipients,
			trace: traceOf(session, deps.name)
		};
		return { accepted: await queue.accept(envelope, content), size: content.size };
	} finally {
		content.release();
	}
}

const noSteps = { mailFrom: () => Promise.resolve() };

async function takeRecipient(deps: EdgeDeps, address: string, conversation: Conversation): Promise<void> {
	conversation.take(await resolvedRecipient(deps, address, relayingDenied));
}

/** The edge other mail servers deliver to. It takes mail for addresses inside, and no other. */
export function receivingEdge(deps: EdgeDeps): Edge {
	const edge: Edge = createEdge('receiving', deps, {
		...noSteps,
		rcptTo: (_, address, conversation) => takeRecipient(deps, address, conversation),
		data: async (session, data, conversation) => {
			const recipients = conversation.recipients.map(({ address }) => canonicalAddress(address));
			const { accepted, size } = await receive(deps, session, data, conversation, recipients);
			edge.conversations.accepted(session.id, accepted.guarded);
			deps.counters.taken('receiving', size);
			return `2.6.0 Queued as ${accepted.id}`;
		}
	});
	return edge;
}

/** The edge a mail server in front delivers to (RFC 2033): one answer for each recipient. */
export function lmtpEdge(deps: EdgeDeps): Edge {
	const edge: Edge = createEdge('lmtp', deps, {
		...noSteps,
		rcptTo: (_, address, conversation) => takeRecipient(deps, address, conversation),
		data: async (session, data, conversation) => {
			try {
				const { accepted, size } = await receive(deps, session, data, conversation, []);
				edge.conversations.accepted(session.id, accepted.guarded);
				deps.counters.taken('lmtp', size);
				return Array<string>(conversation.taken).fill(`2.1.5 Queued as ${accepted.id}`);
			} catch (error) {
				const reply = refusalOf('lmtp', deps, error);
				return Array<Reply>(conversation.taken).fill(reply);
			}
		}
	});
	return edge;
}
