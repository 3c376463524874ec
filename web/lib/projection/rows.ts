import { eachRunBetween, type Ranges } from '#schema/docs/ranges.ts';
import type { MessageFact } from '#schema/mail/message.ts';
import type { ReplicaCore } from '#lib/replica/replica-core.ts';
import { packSize } from '#lib/replica/storage/stores.ts';

/** Packs of 100 rows kept in memory; the ones not used longest go first. */
const keptPacks = 150;

/** Rows in memory, by the pack they are stored in. */
export class Rows {
	readonly #core: ReplicaCore;
	readonly #loaded: (arrivals: readonly number[]) => void;
	/** By number, the pack used last at the end. */
	readonly #packs = new Map<number, ReadonlyMap<number, MessageFact>>();
	/** Rows of the ready pages, there before any pack is. */
	#ready: ReadonlyMap<number, MessageFact>;
	#isFirstRead = true;

	/** @param loaded told the rows that came into memory */
	constructor(
		core: ReplicaCore,
		ready: readonly MessageFact[],
		loaded: (arrivals: readonly number[]) => void
	) {
		this.#core = core;
		this.#loaded = loaded;
		this.#ready = new Map(ready.map((message) => [message.arrival, message]));
	}

	row(arrival: number): MessageFact | undefined {
		const number = Math.floor(arrival / packSize);
		const pack = this.#packs.get(number);
		if (pack === undefined) return this.#ready.get(arrival);
		return pack.get(arrival);
	}

	/** Brings rows into memory; those of one pack come together. */
	async load(arrivals: readonly number[]): Promise<void> {
		const numbers = new Set(arrivals.map((arrival) => Math.floor(arrival / packSize)));
		for (const number of numbers) {
			const pack = this.#packs.get(number);
			if (pack === undefined) continue;
			this.#packs.delete(number);
			this.#packs.set(number, pack);
			numbers.delete(number);
		}
		await this.#read([...numbers]);
	}

	/** Reads packs in memory again where these messages came or went. */
	refresh(arrivals: Ranges, isPresent: (arrival: number) => boolean): void {
		const stale = new Set<number>();
		for (const [number, pack] of this.#packs) {
			eachRunBetween(arrivals, number * packSize, (number + 1) * packSize, (start, end) => {
				for (let arrival = start; arrival < end; arrival += 1) {
					if (pack.has(arrival) !== isPresent(arrival)) stale.add(number);
				}
			});
		}
		if (stale.size > 0) void this.#core.inBackground(() => this.#read([...stale]));
	}

	/**
	 * Reads everything in memory again: it may be of another history. Not so the first time, when what the
	 * device holds came into memory: the ready pages are part of that.
	 */
	refreshAll(): void {
		if (!this.#isFirstRead) this.#ready = new Map();
		this.#isFirstRead = false;
		void this.#core.inBackground(() => this.#read([...this.#packs.keys()]));
	}

	async #read(numbers: readonly number[]): Promise<void> {
		if (numbers.length === 0) return;
		const records = await this.#core.storage.read(['packs'], (transaction) =>
			Promise.all(numbers.map((number) => transaction.get('packs', number)))
		);
		const came: number[] = [];
		numbers.forEach((number, index) => {
			const messages = records[index]?.messages ?? [];
			this.#packs.delete(number);
			this.#packs.set(number, new Map(messages.map((message) => [message.arrival, message])));
			came.push(...messages.map(({ arrival }) => arrival));
		});
		for (const number of [...this.#packs.keys()].slice(0, Math.max(0, this.#packs.size - keptPacks))) {
			this.#packs.delete(number);
		}
		this.#loaded(came);
	}
}
