import type { EnvelopeId } from '#schema/ids.ts';
import { canonicalAddress } from '#schema/mail/address.ts';
import { TokenBuckets } from '../accounts/token-bucket.ts';
import type { Recipient } from '../queue/recipients.ts';
import { Reply } from './reply.ts';

/** Bounds of what one address may do. */
export interface AddressLimits {
	/** Connections that stand at once. */
	readonly connections: number;
	/** New connections in a minute. */
	readonly connectionsPerMinute: number;
	/** Messages begun in a minute. */
	readonly messagesPerMinute: number;
}

export const addressLimits: AddressLimits = {
	connections: 20,
	connectionsPerMinute: 120,
	messagesPerMinute: 300
};

/** RCPT commands of one transaction that are looked at, whatever they are answered. */
const mostAsked = 1000;

/** One connection and the transaction it is in. */
export class Conversation {
	readonly peer: string;
	/** Recipients of the transaction, each address once. */
	readonly #recipients = new Map<string, Recipient>();
	#asked = 0;
	#taken = 0;
	/** Accepts over this connection after which its client was not heard yet. */
	unheard: readonly EnvelopeId[] = [];
	/** Whether a message is being received. */
	isReceiving = false;

	constructor(peer: string) {
		this.peer = peer;
	}

	/** Recipients of the transaction, each address once. */
	get recipients(): readonly Recipient[] {
		return [...this.#recipients.values()];
	}

	/** How many RCPT were answered with 250; LMTP owes each an answer. */
	get taken(): number {
		return this.#taken;
	}

	/** A transaction begins. */
	begin(): void {
		this.#recipients.clear();
		this.#asked = 0;
		this.#taken = 0;
	}

	/** A RCPT came, of which `most` may be taken. @throws Reply where there were too many, taken or not */
	ask(most: number): void {
		this.#asked += 1;
		if (this.#taken >= most || this.#asked > mostAsked) throw new Reply(452, '4.5.3', 'Too many recipients');
	}

	/** A RCPT is taken. */
	take(recipient: Recipient): void {
		this.#taken += 1;
		const address = canonicalAddress(recipient.address);
		if (!this.#recipients.has(address)) this.#recipients.set(address, recipient);
	}
}

export interface ConversationsDeps {
	readonly limits: AddressLimits;
	/** Whether an address is this machine itself, which is not bounded. */
	readonly isLocal: (address: string) => boolean;
	/** Milliseconds UTC. */
	readonly now: () => number;
	/** How accepts end, as the queue wants to know it. */
	readonly ended: (envelopes: readonly EnvelopeId[], ending: 'heard' | 'broken') => void;
}

/** All conversations of one edge, and what each address has of them. */
export class Conversations {
	readonly #deps: ConversationsDeps;
	readonly #bySession = new Map<string, Conversation>();
	readonly #byAddress = new Map<string, number>();
	readonly #connecting: TokenBuckets;
	readonly #sending: TokenBuckets;

	constructor(deps: ConversationsDeps) {
		this.#deps = deps;
		this.#connecting = bucketsPerMinute(deps.limits.connectionsPerMinute);
		this.#sending = bucketsPerMinute(deps.limits.messagesPerMinute);
	}

	/** Begins a conversation. @throws Reply where the address has too many */
	open(session: string, peer: string): void {
		const standing = this.#byAddress.get(peer) ?? 0;
		if (!this.#deps.isLocal(peer)) {
			if (standing >= this.#deps.limits.connections) throw new Reply(421, '4.7.0', 'Too many connections');
			const wait = this.#connecting.take(peer, this.#deps.now());
			if (wait !== null) throw new Reply(421, '4.7.0', 'Too many connections, try again later');
		}
		this.#byAddress.set(peer, standing + 1);
		this.#bySession.set(session, new Conversation(peer));
	}

	/** The conversation of a session. @throws Reply where there is none, which would be a fault of the edge */
	of(session: string): Conversation {
		const conversation = this.#bySession.get(session);
		if (conversation === undefined) throw new Reply(451, '4.3.0', 'No such session');
		return conversation;
	}

	/** A transaction begins. @throws Reply where the address began too many */
	begin(session: string): void {
		const conversation = this.of(session);
		conversation.begin();
		if (this.#deps.isLocal(conversation.peer)) return;
		const wait = this.#sending.take(conversation.peer, this.#deps.now());
		if (wait !== null) throw new Reply(451, '4.7.1', 'Too many messages, try again later');
	}

	/** Whether a message is on its way over this connection. */
	isReceiving(session: string): boolean {
		return this.#bySession.get(session)?.isReceiving ?? false;
	}

	/** The client sent a command: it knows what became of the message before. */
	heard(session: string): void {
		const conversation = this.#bySession.get(session);
		if (conversation === undefined || conversation.unheard.length === 0) return;
		this.#deps.ended(conversation.unheard, 'heard');
		conversation.unheard = [];
	}

	/** The connection is gone. A session that was never opened is passed over. */
	close(session: string): void {
		const conversation = this.#bySession.get(session);
		if (conversation === undefined) return;
		this.#bySession.delete(session);
		if (conversation.unheard.length > 0) this.#deps.ended(conversation.unheard, 'broken');
		const left = (this.#byAddress.get(conversation.peer) ?? 1) - 1;
		if (left > 0) this.#byAddress.set(conversation.peer, left);
		else this.#byAddress.delete(conversation.peer);
	}

	/** An accept was committed; where its connection is gone already it is broken. */
	accepted(session: string, envelopes: readonly EnvelopeId[]): void {
		const conversation = this.#bySession.get(session);
		if (conversation === undefined) this.#deps.ended(envelopes, 'broken');
		else conversation.unheard = envelopes;
	}
}

function bucketsPerMinute(rate: number): TokenBuckets {
	return new TokenBuckets({ capacity: rate, interval: 60_000 / rate });
}
