import type { Cancel } from '../../platform/clock.ts';
import { receivePack } from '../log/receive-pack.ts';
import type { ReplicaCore } from '../replica-core.ts';
import { retryPauses } from '../retry-pauses.ts';
import { packRequest, type ServerApi } from './server-api.ts';

/** Downloads the messages that are still missing, newest first; what is left is stored with each pack. */
export class Backfill {
	readonly #core: ReplicaCore;
	readonly #api: ServerApi;
	readonly #completed: () => void;
	#isRunning = false;
	#isStopped = true;
	#retry: Cancel | undefined;

	/** @param completed called each time nothing is missing any more */
	constructor(core: ReplicaCore, api: ServerApi, completed: () => void) {
		this.#core = core;
		this.#api = api;
		this.#completed = completed;
	}

	/** Goes on from where it stopped, now or in another life. */
	start(): void {
		this.#isStopped = false;
		this.#retry?.();
		this.#retry = undefined;
		if (this.#isRunning) return;
		this.#isRunning = true;
		void this.#core
			.inBackground(() => this.#run())
			.then((hasEnded) => {
				this.#isRunning = false;
				if (!hasEnded) this.#tryLater();
			});
	}

	/** Looks again whether something is missing, if it was started at all. */
	resume(): void {
		if (!this.#isStopped && this.#retry === undefined) this.start();
	}

	stop(): void {
		this.#isStopped = true;
		this.#retry?.();
		this.#retry = undefined;
	}

	async #run(): Promise<void> {
		for (;;) {
			const missing = this.#core.memory.backfill?.missing ?? [];
			const before = (missing.at(-2) ?? 0) + (missing.at(-1) ?? 0);
			if (this.#isStopped) return;
			if (before === 0) break;
			const from = Math.max(missing.at(-2) ?? 0, before - packRequest);
			if (await this.#fetch(before, before - from)) continue;
			this.#tryLater();
			return;
		}
		this.#completed();
	}

	async #fetch(before: number, count: number): Promise<boolean> {
		const pack = await this.#api.pack(before, count);
		if (pack.kind === 'failed' || this.#isStopped) return false;
		// A pack of something else would be asked for again and again.
		if (pack.value.to < before || pack.value.from >= before) return false;
		return receivePack(this.#core, pack.value);
	}

	#tryLater(): void {
		if (this.#isStopped) return;
		this.#retry = this.#core.clock.after(retryPauses.transfer, () => {
			this.#retry = undefined;
			this.start();
		});
	}
}
