import type { SMTPServerSession } from 'smtp-server';
import type { PrincipalId, SpaceId } from '#schema/ids.ts';
import { canonicalAddress } from '#schema/mail/address.ts';
import type { RefusalCode } from '#schema/protocol/codes.ts';
import { plainAddress } from '../accounts/network.ts';
import { createEdge, type Edge, type EdgeDeps } from './edge.ts';
import { traceOf } from './receiving.ts';
import { resolvedRecipient } from './recipient-step.ts';
import { Reply } from './reply.ts';

/** Who authenticated on a connection. */
class SignedIn {
	readonly principal: PrincipalId;
	readonly space: SpaceId;
	/** Canonical addresses it may send as. */
	readonly identities: readonly string[];

	constructor(principal: PrincipalId, space: SpaceId, identities: readonly string[]) {
		this.principal = principal;
		this.space = space;
		this.identities = identities;
	}
}

function signedIn(session: SMTPServerSession): SignedIn {
	const user: unknown = session.user;
	if (user instanceof SignedIn) return user;
	throw new Reply(530, '5.7.0', 'Authentication is required, over TLS');
}

async function authenticate(
	{ directory }: EdgeDeps,
	session: SMTPServerSession,
	username: string,
	password: string
): Promise<SignedIn> {
	const peer = plainAddress(session.remoteAddress);
	const verified = await directory.verifyPassword({
		address: username,
		password,
		peer,
		protocol: 'submission'
	});
	switch (verified.kind) {
		case 'verified': {
			const identities = await directory.identitiesOf(verified.principal);
			const addresses = identities.map(({ address }) => canonicalAddress(address));
			return new SignedIn(verified.principal, verified.space, addresses);
		}
		case 'wrong':
			throw new Reply(535, '5.7.8', 'Authentication credentials are invalid');
		case 'limited':
			throw new Reply(454, '4.7.0', `Too many attempts, try again in ${verified.retryAfter} seconds`);
	}
}

function refusalReply(code: RefusalCode): Reply {
	switch (code) {
		case 'identity-not-permitted':
			return new Reply(550, '5.7.1', 'The From header must be one address of this account');
		case 'no-route':
			return noRoute();
		case 'quota':
			return new Reply(552, '5.2.2', 'The mailbox is full');
		case 'storage-full':
			return new Reply(452, '4.3.1', 'There is no room for the message now');
		default:
			return new Reply(554, '5.6.0', `The message was refused: ${code}`);
	}
}

const noRoute = () => new Reply(550, '5.4.4', 'No route to the outside is configured');

/** The edge mail programs hand letters in at (RFC 6409): after authentication, as an identity of the account. */
export function submissionEdge(deps: EdgeDeps): Edge {
	const { queue } = deps;
	const edge: Edge = createEdge('submission', deps, {
		authenticate: (session, username, password) => authenticate(deps, session, username, password),
		mailFrom: async (session, sender) => {
			if (signedIn(session).identities.includes(canonicalAddress(sender))) return;
			throw new Reply(550, '5.7.1', 'The sender is not an address of this account');
		},
		rcptTo: async (session, address, conversation) => {
			signedIn(session);
			const outside = queue.hasRoute ? null : noRoute;
			conversation.take(await resolvedRecipient(deps, address, outside));
		},
		data: async (session, data, conversation) => {
			const { space, identities } = signedIn(session);
			const { mailFrom } = session.envelope;
			const answer = await queue.submitRaw(
				{
					space,
					identities,
					sender: mailFrom === false ? '' : mailFrom.address,
					recipients: conversation.recipients,
					trace: traceOf(session, deps.name)
				},
				data
			);
			if (answer.kind === 'refused') throw refusalReply(answer.code);
			edge.conversations.accepted(session.id, answer.guarded);
			deps.counters.taken('submission', answer.size);
			return `2.6.0 Queued as ${answer.id}`;
		}
	});
	return edge;
}
