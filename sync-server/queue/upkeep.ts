import type { Logger } from 'pino';
import type { queueKind } from '../store/queue/kind.ts';
import type { Store, StoreFile } from '../store/store.ts';
import type { Clock } from './clock.ts';
import type { Delivering } from './delivering.ts';
import type { Reporting } from './reporting.ts';
import { unknownKeptFor } from './retry.ts';
import { resolveWaiting, tentativeFor } from './waiting.ts';

export interface UpkeepDeps {
	readonly store: Store;
	readonly file: StoreFile<typeof queueKind>;
	readonly delivering: Delivering;
	readonly reporting: Reporting;
	readonly clock: Clock;
	readonly logger: Logger;
}

/** How often what nobody wants any more is forgotten, and how often a failed report is tried, milliseconds. */
const purgeEvery = 3_600_000;
const reportAgainAfter = 60_000;

const lanes = ['inside', 'outside'] as const;

/** What the queue does by itself: at its start, and whenever something is due. */
export class Upkeep {
	readonly #deps: UpkeepDeps;
	#purgeAt = 0;
	#reportAt = 0;
	#isBehind = false;

	constructor(deps: UpkeepDeps) {
		this.#deps = deps;
	}

	/** Whether something is due for which there was no room; a round is wanted as soon as there is. */
	get isBehind(): boolean {
		return this.#isBehind;
	}

	/**
	 * Puts right what the last process left. Every tentative envelope is resolved here, whatever its age: nobody
	 * works on it any more, and a client that comes again must meet what became of it. A space that can't be asked
	 * keeps nobody from starting.
	 */
	async recover(): Promise<void> {
		const { file, logger } = this.#deps;
		const found = await file.call('recover');
		logger.info(found, 'the queue is recovered');
		for (let isDone = false; !isDone;) isDone = await resolveWaiting(this.#deps, 0);
	}

	/** Does what is due; answers when something is due next (milliseconds UTC), or null. */
	async round(): Promise<number | null> {
		const { file, delivering, clock } = this.#deps;
		const allAsked = await resolveWaiting(this.#deps, tentativeFor);
		for (const lane of lanes) {
			if (!delivering.hasRoom(lane)) continue;
			const taken = await file.call('take', { lane, ...delivering.room(lane) });
			for (const envelope of taken) delivering.begin(lane, envelope);
		}
		await this.#purge();
		const reportAt = await this.#report();
		if (!allAsked) return clock.now();
		const next = await file.call('next', { tentativeFor });
		// With no room what is due stays so; the round comes when there is.
		const open = lanes.filter((lane) => delivering.hasRoom(lane));
		this.#isBehind = open.length < lanes.length;
		return earliest([reportAt, next.waiting, ...open.map((lane) => next[lane])]);
	}

	async #purge(): Promise<void> {
		const now = this.#deps.clock.now();
		if (now < this.#purgeAt) return;
		await this.#deps.file.call('purge', { unknownBefore: now - unknownKeptFor });
		this.#purgeAt = now + purgeEvery;
	}

	/** Tells again what a sender's space could not be told; answers when to try once more, or null. */
	async #report(): Promise<number | null> {
		const { reporting, clock } = this.#deps;
		if (!reporting.isBehind) return null;
		if (clock.now() < this.#reportAt) return this.#reportAt;
		this.#reportAt = clock.now() + reportAgainAfter;
		return (await reporting.tellAll()) ? null : this.#reportAt;
	}
}

function earliest(times: readonly (number | null)[]): number | null {
	const known = times.filter((time) => time !== null);
	return known.length === 0 ? null : Math.min(...known);
}
