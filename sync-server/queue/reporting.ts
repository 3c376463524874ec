import type { Logger } from 'pino';
import type { SpaceId } from '#schema/ids.ts';
import type { queueKind } from '../store/queue/kind.ts';
import type { Report } from '../store/queue/outcomes.ts';
import type { SpaceKind } from '../store/space/kind.ts';
import { spacePath } from '../store/space/path.ts';
import { StoreError } from '../store/store-error.ts';
import type { Store, StoreFile } from '../store/store.ts';

export interface ReportingDeps {
	readonly store: Store;
	readonly file: StoreFile<typeof queueKind>;
	readonly logger: Logger;
}

/** Of how many deliveries outcomes are told in one go. */
const mostTogether = 500;

/**
 * Tells senders' spaces what became of deliveries, and the queue that they were told. What could not be told
 * stays in the queue and is told by {@link Reporting.tellAll} later; a space may hear the same twice.
 */
export class Reporting {
	readonly #deps: ReportingDeps;
	/** Reports are told one after the other, so that a later outcome is never told first. */
	#last: Promise<void> = Promise.resolve();
	/** What an earlier process left is not known before it was asked for. */
	#isBehind = true;

	constructor(deps: ReportingDeps) {
		this.#deps = deps;
	}

	/** Whether the queue holds outcomes that nobody is telling now. */
	get isBehind(): boolean {
		return this.#isBehind;
	}

	/** Tells these. */
	tell(reports: readonly Report[]): void {
		this.#last = this.#last.then(async () => {
			if (!(await this.#tell(reports))) this.#isBehind = true;
		});
	}

	/** Tells what is in the queue and was not told; answers whether all was. @throws StoreError where the queue can't be read */
	async tellAll(): Promise<boolean> {
		await this.#last;
		const reports = await this.#deps.file.call('unreported', { limit: mostTogether });
		const areTold = reports.length === 0 || (await this.#tell(reports));
		this.#isBehind = !areTold || reports.length >= mostTogether;
		return !this.#isBehind;
	}

	/** Resolves when everything that was given to {@link tell} was tried. */
	async idle(): Promise<void> {
		for (let last: unknown; last !== this.#last;) {
			last = this.#last;
			await last;
		}
	}

	/** Answers whether all were told. Never rejects: what was not told is still in the queue. */
	async #tell(reports: readonly Report[]): Promise<boolean> {
		const bySpace = Map.groupBy(reports, ({ space }) => space);
		const told = await Promise.all([...bySpace].map(([space, own]) => this.#tellSpace(space, own)));
		const done = told.flat();
		try {
			const named = done.map(({ envelope, fact }) => ({ envelope, recipient: fact.recipient, at: fact.at }));
			if (named.length > 0) await this.#deps.file.call('reported', { reports: named });
			return done.length === reports.length;
		} catch (error) {
			this.#deps.logger.warn(
				{ error: kindOf(error) },
				'outcomes were told and not noted; they are told again'
			);
			return false;
		}
	}

	async #tellSpace(space: SpaceId, reports: readonly Report[]): Promise<readonly Report[]> {
		try {
			const file = this.#deps.store.file<SpaceKind>('space', spacePath(space));
			await file.call('record-deliveries', { facts: reports.map(({ fact }) => fact) });
			return reports;
		} catch (error) {
			// Nobody is left to be told where the space is gone.
			if (error instanceof StoreError && error.kind === 'missing') return reports;
			this.#deps.logger.warn({ space, error: kindOf(error) }, 'a sender could not be told of deliveries');
			return [];
		}
	}
}

function kindOf(error: unknown): string {
	return error instanceof StoreError ? error.kind : 'unknown';
}
