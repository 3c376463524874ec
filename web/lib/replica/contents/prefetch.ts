import { systemMailbox } from '#schema/mail/mailbox.ts';
import type { Cancel } from '../../platform/clock.ts';
import { contentsRequest, type ServerApi } from '../connection/server-api.ts';
import type { ReplicaCore } from '../replica-core.ts';
import { blockSize, isPresent } from '../state/column-block.ts';
import type { MessageColumns } from '../state/message-columns.ts';
import type { ContentLibrary } from './content-library.ts';

/** How many of the newest messages of the inbox are kept readable offline. */
const prefetched = 500;

/** Milliseconds of quiet before bodies are fetched, and until a failed fetch is tried again. */
const pauses = { quiet: 2_000, retry: 30_000 } as const;

/** The newest messages of the inbox, by arrival. */
export function newestOfInbox(columns: MessageColumns, count: number): number[] {
	const inbox = columns.dictionary.numberOf(systemMailbox('inbox'));
	const found: number[] = [];
	for (const number of [...columns.blocks.keys()].sort((left, right) => right - left)) {
		const block = columns.blocks.get(number);
		if (block === undefined) continue;
		for (let place = blockSize - 1; place >= 0 && found.length < count; place -= 1) {
			if (isPresent(block.flags[place] ?? 0) && block.mailboxes[place] === inbox) {
				found.push(number * blockSize + place);
			}
		}
	}
	return found;
}

/** Fetches bodies of recent mail while there is a connection, so that they can be read without one. */
export class Prefetch {
	readonly #core: ReplicaCore;
	readonly #api: ServerApi;
	readonly #library: ContentLibrary;
	#isConnected = false;
	#isBusy = false;
	#timer: Cancel | undefined;

	constructor(core: ReplicaCore, api: ServerApi, library: ContentLibrary) {
		this.#core = core;
		this.#api = api;
		this.#library = library;
	}

	connected(): void {
		this.#isConnected = true;
		this.kick();
	}

	disconnected(): void {
		this.#isConnected = false;
		this.#timer?.();
		this.#timer = undefined;
	}

	/** Looks for bodies to fetch, after a moment of quiet. */
	kick(pause: number = pauses.quiet): void {
		if (!this.#isConnected || this.#isBusy || this.#timer !== undefined) return;
		this.#timer = this.#core.clock.after(pause, () => {
			this.#timer = undefined;
			this.#isBusy = true;
			let isDone = false;
			void this.#core
				.inBackground(async () => {
					isDone = await this.#run();
				})
				.finally(() => {
					this.#isBusy = false;
					if (!isDone) this.kick(pauses.retry);
				});
		});
	}

	async #run(): Promise<boolean> {
		const missing = await this.#library.missing(newestOfInbox(this.#core.memory.columns, prefetched));
		for (let index = 0; index < missing.length; index += contentsRequest) {
			if (!this.#isConnected) return true;
			const fetched = await this.#api.contents(missing.slice(index, index + contentsRequest));
			if (fetched.kind === 'failed') return false;
			if (!(await this.#library.keep(fetched.value))) return false;
		}
		return true;
	}
}
