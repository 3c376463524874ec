import type { SpaceId } from '#schema/ids.ts';
import type { Logger } from 'pino';
import type { Lane } from '../store/queue/envelope.ts';
import type { Outcome } from '../store/queue/outcomes.ts';
import type { TakenDelivery, TakenEnvelope } from '../store/queue/taking.ts';
import type { QueueCounters } from './counters.ts';
import { outcomeOf } from './outside.ts';

/** The two ways out of the queue. One that rejects is a fault of ours; all of its deliveries are tried again. */
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
	readonly logger: Logger;
	readonly counters: QueueCounters;
}

/** Envelopes under way at once, and bytes of their content held in memory, on each way out. */
const most: Readonly<Record<Lane, { readonly envelopes: number; readonly bytes: number }>> = {
	inside: { envelopes: 256, bytes: 32 << 20 },
	outside: { envelopes: 64, bytes: 8 << 20 }
};

/** What is under way on one way out. */
interface Load {
	envelopes: number;
	bytes: number;
}

/**
 * Delivers envelopes that are leased to this process: many at once, each until all its outcomes are committed.
 * The two ways out have their own room, so that a smarthost that keeps us waiting keeps nobody inside waiting.
 */
export class Delivering {
	readonly #deps: DeliveringDeps;
	readonly #loads: Readonly<Record<Lane, Load>> = {
		inside: { envelopes: 0, bytes: 0 },
		outside: { envelopes: 0, bytes: 0 }
	};
	#idle: (() => void)[] = [];

	constructor(deps: DeliveringDeps) {
		this.#deps = deps;
	}

	/** How much more can be taken on now. */
	room(lane: Lane): { readonly envelopes: number; readonly bytes: number } {
		const load = this.#loads[lane];
		return { envelopes: most[lane].envelopes - load.envelopes, bytes: most[lane].bytes - load.bytes };
	}

	hasRoom(lane: Lane): boolean {
		const { envelopes, bytes } = this.room(lane);
		return envelopes > 0 && bytes > 0;
	}

	get isBusy(): boolean {
		return this.#loads.inside.envelopes + this.#loads.outside.envelopes > 0;
	}

	/** Begins to deliver on one way out; the leases of these deliveries are this object's from here on. */
	begin(lane: Lane, envelope: TakenEnvelope): void {
		const load = this.#loads[lane];
		const bytes = envelope.content.kind === 'inline' ? envelope.content.bytes.byteLength : 0;
		load.envelopes += 1;
		load.bytes += bytes;
		void this.#deliver(lane, envelope).finally(() => {
			load.envelopes -= 1;
			load.bytes -= bytes;
			if (!this.isBusy) for (const resolve of this.#idle.splice(0)) resolve();
			this.#deps.settled();
		});
	}

	/** Resolves when nothing is under way. */
	idle(): Promise<void> {
		if (!this.isBusy) return Promise.resolve();
		return new Promise((resolve) => this.#idle.push(resolve));
	}

	async #deliver(lane: Lane, envelope: TakenEnvelope): Promise<void> {
		const outcomes = await this.#attempt(lane, envelope);
		for (const [kind, own] of Map.groupBy(outcomes, (outcome) => outcome.kind)) {
			this.#deps.counters.settled(lane, kind, own.length);
		}
		await this.#deps.settle(envelope, outcomes);
	}

	async #attempt(lane: Lane, envelope: TakenEnvelope): Promise<readonly Outcome[]> {
		const { destinations, now, logger } = this.#deps;
		try {
			if (lane === 'outside') return await destinations.outside(envelope, envelope.deliveries);
			return await this.#inside(envelope);
		} catch (error) {
			logger.error(
				{ envelope: envelope.id, error: error instanceof Error ? error.name : '' },
				'a delivery could not be attempted'
			);
			return envelope.deliveries.map((delivery) => outcomeOf(envelope, delivery, notNow, now()));
		}
	}

	async #inside(envelope: TakenEnvelope): Promise<readonly Outcome[]> {
		const { destinations, now } = this.#deps;
		const inside: InsideDelivery[] = [];
		const nowhere: Outcome[] = [];
		for (const delivery of envelope.deliveries) {
			const { destination } = delivery;
			if (destination.kind === 'inside') inside.push({ delivery, space: destination.space });
			else nowhere.push(outcomeOf(envelope, delivery, noSuchRecipient, now()));
		}
		return inside.length === 0 ? nowhere : [...nowhere, ...(await destinations.inside(envelope, inside))];
	}
}

/** What a fault of ours comes to: it is tried again. */
export const notNow = { kind: 'later', status: '4.3.0', detail: 'not-placed' } as const;

/** What an address of ours that nobody has comes to. */
export const noSuchRecipient = { kind: 'failed', status: '5.1.1', detail: 'no-such-recipient' } as const;
