import type { EnvelopeId, OrganisationId, SpaceId, SubmissionId } from '#schema/ids.ts';
import type { AcceptAnswer, Ending } from '../store/queue/accept.ts';
import { laneOf, type Lane, type NewEnvelope } from '../store/queue/envelope.ts';
import type { queueKind } from '../store/queue/kind.ts';
import type { TakenEnvelope } from '../store/queue/taking.ts';
import type { StoreFile } from '../store/store.ts';
import type { Clock } from './clock.ts';
import type { CollectedContent } from './content.ts';
import type { QueueCounters } from './counters.ts';
import { fingerprint } from './fingerprint.ts';
import { distinctRecipients, type Recipient } from './recipients.ts';
import { writeTrace, type Trace } from './trace.ts';

/** What is accepted into the queue. */
export interface Accepting {
	readonly id: EnvelopeId;
	readonly maker: 'person' | 'machine';
	/** MAIL FROM; empty for the null sender. */
	readonly sender: string;
	readonly recipients: readonly Recipient[];
	/** How it came to us; null where it began here, and so is no repeat of anything. */
	readonly trace: Trace | null;
	/** The submission it is, which its space has still to decide on; null for what goes on its way at once. */
	readonly submission: { readonly space: SpaceId; readonly id: SubmissionId } | null;
}

/** An accept is committed. */
export interface Accepted {
	/** What the accept is called, also where all of it was a repeat. */
	readonly id: EnvelopeId;
	/** Whether anything of it was stored: not where every recipient was a repeat. */
	readonly stored: boolean;
	/** Envelopes whose client has not been heard yet; the connection that ends tells of them by `ended`. */
	readonly guarded: readonly EnvelopeId[];
}

export interface EntranceDeps {
	readonly file: StoreFile<typeof queueKind>;
	readonly organisation: OrganisationId;
	readonly clock: Clock;
	readonly counters: QueueCounters;
	/** Whether more can be delivered on a way out than is. */
	readonly hasRoom: (lane: Lane) => boolean;
	/** Delivers what was just accepted, without reading it from the queue again. */
	readonly begin: (lane: Lane, envelope: TakenEnvelope) => void;
	/** Something was accepted that nobody delivers yet. */
	readonly wake: () => void;
}

/** How long an ending may wait for an accept to be stored with, milliseconds. */
const endingPatience = 250;

/** Where everything enters: the one commit of an accept. */
export class Entrance {
	readonly #deps: EntranceDeps;
	#endings: Ending[] = [];
	#cancelFlush: (() => void) | null = null;

	constructor(deps: EntranceDeps) {
		this.#deps = deps;
	}

	/** Accepts a message. @throws StoreError where it could not be committed; nothing of it is there then */
	async accept(accepting: Accepting, content: CollectedContent): Promise<Accepted> {
		const { counters, file, begin, wake, hasRoom } = this.#deps;
		const leases = (lane: Lane) => accepting.submission === null && hasRoom(lane);
		const envelope = newEnvelope(accepting, content, this.#deps.organisation, leases);
		const endings = this.#takeEndings();
		const answer = await file.call('accept', { envelope, endings }).catch((error: unknown) => {
			this.#endings.unshift(...endings);
			throw error;
		});
		counters.accepted(envelope.deliveries.length - answer.dropped.length, answer.dropped.length);
		if (answer.stored) {
			const { leased, areAllLeased } = leasedOf(envelope, answer, this.#deps.clock.now());
			for (const [lane, taken] of leased) begin(lane, taken);
			if (!areAllLeased) wake();
		}
		return { id: accepting.id, stored: answer.stored, guarded: answer.guarded };
	}

	/** What became of the connections of accepts; stored with the next accept, or soon. */
	ended(envelopes: readonly EnvelopeId[], ending: 'heard' | 'broken'): void {
		for (const envelope of envelopes) this.#endings.push({ envelope, ending });
		this.#cancelFlush ??= this.#deps.clock.after(endingPatience, () => void this.flush());
	}

	/** Stores the endings that wait. They are only a help against repeats: what is lost counts as broken. */
	async flush(): Promise<void> {
		const endings = this.#takeEndings();
		if (endings.length === 0) return;
		try {
			await this.#deps.file.call('endings', { endings });
		} catch {
			// Kept for the next accept; should the process end first, they count as broken.
			this.#endings.unshift(...endings);
		}
	}

	#takeEndings(): Ending[] {
		this.#cancelFlush?.();
		this.#cancelFlush = null;
		return this.#endings.splice(0);
	}
}

/** An accept as the queue's file takes it. */
export function newEnvelope(
	{ id, maker, sender, recipients, trace, submission }: Accepting,
	content: CollectedContent,
	organisation: OrganisationId,
	leases: (lane: Lane) => boolean
): NewEnvelope {
	const { size, dataHash, stored } = content;
	return {
		id,
		organisation,
		state: submission === null ? 'active' : 'tentative',
		maker,
		sender,
		submission,
		size,
		dataHash,
		content: stored,
		trace: trace === null ? null : writeTrace(trace),
		deliveries: distinctRecipients(recipients).map(({ address, destination, also }) => ({
			recipient: address,
			// Only a sender who is told of each address needs the others.
			...(submission === null ? {} : { also }),
			destination,
			leased: leases(laneOf(destination)),
			guard: trace === null ? null : fingerprint({ peer: trace.peer, sender, dataHash }, address, destination)
		}))
	};
}

/** What was just stored and is leased, by its way out, as if it had been taken from the queue. */
function leasedOf(
	{ deliveries, ...facts }: NewEnvelope,
	{ dropped, position, leasedInside }: AcceptAnswer,
	now: number
): { readonly leased: Map<Lane, TakenEnvelope>; readonly areAllLeased: boolean } {
	const stored = deliveries.filter(({ recipient }) => !dropped.includes(recipient));
	const leased = new Map<Lane, TakenEnvelope>();
	let areAllLeased = true;
	for (const [lane, own] of Map.groupBy(stored, ({ destination }) => laneOf(destination))) {
		if ((lane === 'inside' && !leasedInside) || !own.every((delivery) => delivery.leased)) {
			areAllLeased = false;
			continue;
		}
		const taken = own.map(({ recipient, destination }) => ({ recipient, destination, attempts: 0 }));
		leased.set(lane, { ...facts, position, acceptedAt: now, activeAt: now, deliveries: taken });
	}
	return { leased, areAllLeased };
}
