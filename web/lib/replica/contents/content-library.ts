import type { Content } from '#schema/mail/summary.ts';
import type { FetchFailure, FetchWatch, ContentResult, Contents, PartResult } from '../contents.ts';
import type { ServerApi } from '../connection/server-api.ts';
import type { ReplicaCore } from '../replica-core.ts';
import { readMeta } from '../storage/meta.ts';
import type { Writing } from '../storage/storage.ts';
import type { HeldContent } from '../storage/stores.ts';
import { SharedFetches } from './shared-fetches.ts';

/** What the device keeps of bodies and parts; those not asked for longest go first. */
const bounds = { bodies: 2000, bytes: 200_000_000, partBytes: 25_000_000 } as const;

type HeldStore = 'contents' | 'blobs' | 'meta';

function partKey(arrival: number, section: string): string {
	return `part:${arrival}:${section}`;
}

function bytesOf({ text, html }: Content): number {
	return 2 * ((text?.length ?? 0) + (html?.length ?? 0)) + 500;
}

function failed(code: FetchFailure): { kind: 'not-here' } | { kind: 'failed'; code: FetchFailure } {
	return code === 'offline' ? { kind: 'not-here' } : { kind: 'failed', code };
}

/** Bodies and parts: from the device where they are held, else from the server, and then kept. */
export class ContentLibrary implements Contents {
	readonly #core: ReplicaCore;
	readonly #api: ServerApi;
	/** What is being read or fetched, so that a message opened twice is fetched once. */
	readonly #underWay = new SharedFetches();

	constructor(core: ReplicaCore, api: ServerApi) {
		this.#core = core;
		this.#api = api;
	}

	content(arrival: number, watch?: FetchWatch): Promise<ContentResult> {
		return this.#underWay.once(`content ${arrival}`, watch, (all) => this.#content(arrival, all));
	}

	part(arrival: number, section: string, watch?: FetchWatch): Promise<PartResult> {
		return this.#underWay.once(partKey(arrival, section), watch, (all) => this.#part(arrival, section, all));
	}

	raw(arrival: number, watch?: FetchWatch): Promise<PartResult> {
		return this.#underWay.once(`raw ${arrival}`, watch, async (all) => {
			const fetched = await this.#api.raw(arrival, all);
			if (fetched.kind === 'failed') return failed(fetched.code);
			return { kind: 'here', blob: new Blob([fetched.value]) };
		});
	}

	rawUrl(arrival: number): string {
		return this.#api.urls.raw(arrival);
	}

	partUrl(arrival: number, section: string): string {
		return this.#api.urls.part(arrival, section);
	}

	/** Stores bodies and gives up the ones not asked for longest; nobody waits for it. */
	keep(contents: readonly { readonly arrival: number; readonly content: Content }[]): Promise<boolean> {
		return this.#core.inBackground(() =>
			this.#alter(async (transaction, held) => {
				const now = new Map(held.map((entry) => [entry.arrival, entry]));
				for (const { arrival, content } of contents) {
					// A message withdrawn meanwhile leaves nothing behind.
					if (this.#core.memory.columns.row(arrival) === undefined) continue;
					const parts = now.get(arrival)?.parts ?? [];
					now.delete(arrival);
					now.set(arrival, { arrival, bytes: bytesOf(content), parts });
					transaction.put('contents', arrival, content);
				}
				return [...now.values()];
			})
		);
	}

	/** Which of these messages have no body here yet. */
	async missing(arrivals: readonly number[]): Promise<number[]> {
		const held = await this.#core.storage.read(['meta'], (transaction) =>
			readMeta(transaction, 'heldContents')
		);
		const here = new Set(held?.map(({ arrival }) => arrival));
		return arrivals.filter((arrival) => !here.has(arrival));
	}

	async #content(arrival: number, watch: FetchWatch): Promise<ContentResult> {
		const held = await this.#core.storage.read(['contents'], (transaction) =>
			transaction.get('contents', arrival)
		);
		if (held !== undefined) {
			void this.#core.inBackground(() => this.#noteAsked(arrival));
			return { kind: 'here', content: held };
		}
		const fetched = await this.#api.content(arrival, watch);
		if (fetched.kind === 'failed') return failed(fetched.code);
		void this.keep([{ arrival, content: fetched.value }]);
		return { kind: 'here', content: fetched.value };
	}

	async #part(arrival: number, section: string, watch: FetchWatch): Promise<PartResult> {
		const key = partKey(arrival, section);
		const held = await this.#core.storage.read(['blobs'], (transaction) => transaction.get('blobs', key));
		if (held !== undefined) return { kind: 'here', blob: new Blob([held]) };
		const fetched = await this.#api.part(arrival, section, watch);
		if (fetched.kind === 'failed') return failed(fetched.code);
		this.#keepPart(arrival, section, fetched.value);
		return { kind: 'here', blob: new Blob([fetched.value]) };
	}

	#noteAsked(arrival: number): Promise<void> {
		return this.#alter((_transaction, held) => {
			const asked = held.filter((entry) => entry.arrival === arrival);
			return Promise.resolve([...held.filter((entry) => entry.arrival !== arrival), ...asked]);
		});
	}

	#keepPart(arrival: number, section: string, bytes: Uint8Array<ArrayBuffer>): void {
		if (bytes.byteLength > bounds.partBytes) return;
		void this.#core.inBackground(() =>
			this.#alter(async (transaction, held) => {
				const before = held.find((entry) => entry.arrival === arrival);
				if (before === undefined || this.#core.memory.columns.row(arrival) === undefined) return held;
				transaction.put('blobs', partKey(arrival, section), bytes);
				const after = {
					arrival,
					bytes: before.bytes + bytes.byteLength,
					parts: [...before.parts, section]
				};
				return [...held.filter((entry) => entry !== before), after];
			})
		);
	}

	#alter(
		change: (transaction: Writing<HeldStore>, held: readonly HeldContent[]) => Promise<readonly HeldContent[]>
	): Promise<void> {
		const stores: readonly HeldStore[] = ['contents', 'blobs', 'meta'];
		return this.#core.storage.write(stores, 'relaxed', async (transaction) => {
			const held = await change(transaction, (await readMeta(transaction, 'heldContents')) ?? []);
			transaction.put('meta', 'heldContents', withinBounds(transaction, held));
		});
	}
}

/** Deletes bodies from the front until the rest fits. */
function withinBounds(transaction: Writing<HeldStore>, held: readonly HeldContent[]): readonly HeldContent[] {
	let bytes = held.reduce((sum, entry) => sum + entry.bytes, 0);
	let first = 0;
	while (first < held.length - 1 && (held.length - first > bounds.bodies || bytes > bounds.bytes)) {
		const entry = held[first];
		first += 1;
		if (entry === undefined) continue;
		bytes -= entry.bytes;
		transaction.delete('contents', entry.arrival);
		for (const section of entry.parts) transaction.delete('blobs', partKey(entry.arrival, section));
	}
	return held.slice(first);
}
