import type { DeliveryId, SpaceId } from '#schema/ids.ts';
import type { Outcome } from '../store/queue/outcomes.ts';
import type { TakenDelivery, TakenEnvelope } from '../store/queue/taking.ts';
import type { QueueCounters } from './counters.ts';
import { outcomeOf } from './outside.ts';

/** The two ways out of the queue. Neither rejects: what went wrong is in the outcomes. */
export interface Destinations {
	/** Places a message in spaces, parsed once for all of them. */
	inside(envelope: TakenEnvelope, deliveries: readonly InsideDelivery[]): Promise<readonly Outcome[]>;
	/** Hands a message to the smarthost. */
	outside(envelope: TakenEnvelope, deliveries: readonly TakenDelivery[]): Promise<readonly Outcome[]>;
}

/** A delivery to a space. */
export interface InsideDelivery {
	readonly delivery: TakenDelivery;
	readonly space: SpaceId;
}

export interface DeliveringDeps {
	readonly destinations: Destinations;
	/** Resolves when the outcomes are committed. */
	readonly settle: (envelope: TakenEnvelope, outcomes: readonly Outcome[]) => Promise<void>;
	/** An envelope was settled, so there is room for another. */
	readonly settled: () => void;
	readonly now: () => number;
	readonly counters: QueueCounters;
}

/** Envelopes under way at once, and bytes of their content held in memory. */
const mostEnvelopes = 256;
const mostBytes = 32 << 20;

/** Delivers envelopes that are leased to this process: many at once, each until all its outcomes are committed. */
export class Delivering {
	readonly #deps: DeliveringDeps;
	/** Bytes held for each envelope under way. */
	readonly #underWay = new Map<DeliveryId, number>();
	#bytes = 0;
	#idle: (() => void)[] = [];

	constructor(deps: DeliveringDeps) {
		this.#deps = deps;
	}

	/** How much more can be taken on now. */
	get room(): { readonly envelopes: number; readonly bytes: number } {
		return { envelopes: mostEnvelopes - this.#underWay.size, bytes: mostBytes - this.#bytes };
	}

	get hasRoom(): boolean {
		const { envelopes, bytes } = this.room;
		return envelopes > 0 && bytes > 0;
	}

	/** Begins to deliver; the envelope's lease is this object's from here on. */
	begin(envelope: TakenEnvelope): void {
		const bytes = envelope.content.kind === 'inline' ? envelope.content.bytes.byteLength : 0;
		this.#underWay.set(envelope.id, bytes);
		this.#bytes += bytes;
		void this.#deliver(envelope).finally(() => {
			this.#underWay.delete(envelope.id);
			this.#bytes -= bytes;
			if (this.#underWay.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
			this.#deps.settled();
		});
	}

	/** Resolves when nothing is under way. */
	idle(): Promise<void> {
		if (this.#underWay.size === 0) return Promise.resolve();
		return new Promise((resolve) => this.#idle.push(resolve));
	}

	async #deliver(envelope: TakenEnvelope): Promise<void> {
		const inside: InsideDelivery[] = [];
		const outside: TakenDelivery[] = [];
		const nowhere: Outcome[] = [];
		for (const delivery of envelope.deliveries) {
			const { destination } = delivery;
			if (destination.kind === 'inside') inside.push({ delivery, space: destination.space });
			else if (destination.kind === 'outside') outside.push(delivery);
			else nowhere.push(outcomeOf(envelope, delivery, noSuchRecipient, this.#deps.now()));
		}
		const { destinations } = this.#deps;
		// Each way is settled as soon as it is done: a slow smarthost keeps nobody inside waiting.
		await Promise.all([
			this.#settle('nowhere', envelope, nowhere),
			...(inside.length > 0 ? [this.#after('inside', envelope, destinations.inside(envelope, inside))] : []),
			...(outside.length > 0 ? [this.#after('outside', envelope, destinations.outside(envelope, outside))] : [])
		]);
	}

	async #after(
		destination: 'inside' | 'outside',
		envelope: TakenEnvelope,
		outcomes: Promise<readonly Outcome[]>
	): Promise<void> {
		await this.#settle(destination, envelope, await outcomes);
	}

	#settle(
		destination: 'inside' | 'outside' | 'nowhere',
		envelope: TakenEnvelope,
		outcomes: readonly Outcome[]
	): Promise<void> {
		for (const kind of ['delivered', 'failed', 'unknown', 'deferred'] as const) {
			const number = outcomes.filter((outcome) => outcome.kind === kind).length;
			if (number > 0) this.#deps.counters.settled(destination, kind, number);
		}
		return this.#deps.settle(envelope, outcomes);
	}
}

/** What an address of ours that nobody has comes to. */
export const noSuchRecipient = { kind: 'failed', status: '5.1.1', detail: 'no-such-recipient' } as const;
