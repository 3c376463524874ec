import type { BatchId, DeviceId, DocumentId, SpaceId } from '#schema/ids.ts';
import type { PushFrame } from '#schema/protocol/messages.ts';
import type { Change, ChangedPack, Entry, Opening, Pack } from '#schema/space/entry.ts';
import type { DraftHandle } from '../drafts.ts';
// What a replica loads when it first needs it, so that nothing but turns has to be waited for.
import '../drafts/draft-letters.ts';
import '../drafts/held-edits.ts';
import '../drafts/open-draft.ts';
import { openReplica, type OpenReplica } from '../open-replica.ts';
import { memoryDisk, openMemoryStorage } from '../storage/memory.ts';
import type { ReplicaStorage } from '../storage/storage.ts';
import { generation, opening } from './letters.ts';
import { Machine, type Answer } from './machine.ts';
import { settled } from './manual-clock.ts';
import type { TrialSocket } from './trial-socket.ts';

export const space = 'space' as SpaceId;

/** A draft that this tab holds, opened for writing. */
export async function openDraft(tab: OpenReplica, id: DocumentId): Promise<DraftHandle> {
	const draft = await tab.drafts.open(id);
	if (draft === undefined) throw new Error('no draft');
	return draft;
}

/** A machine with a disk, whole replicas in its tabs, and a server played by the test. */
export class Office {
	readonly machine: Machine;
	readonly disk = memoryDisk();
	readonly tabs: OpenReplica[] = [];
	opening: Opening = opening();
	/** Packs by the arrival number they are asked to end at. */
	readonly packs = new Map<number, Pack>();
	/** What is answered to a replica below the log's floor: an opening, and packs of what changed by their end. */
	openingSince: Opening | null = null;
	readonly changedPacks = new Map<number, ChangedPack | 'offline'>();
	#seq = 0;
	/** Entries that were committed and reached no device yet. */
	#unheard: Entry[] = [];
	/** Where in the log the batches are that were taken. */
	readonly #taken = new Map<BatchId, number>();

	constructor(machine = new Machine()) {
		this.machine = machine;
		machine.answer = (request) => this.#answer(request);
	}

	/** Opens a tab; what the device holds is in memory when this resolves. */
	async openTab(storage: ReplicaStorage = openMemoryStorage(this.disk)): Promise<OpenReplica> {
		const tab = openReplica({
			environment: this.machine.environment(),
			storage,
			space,
			isShared: true,
			profileTold: () => undefined,
			signedOut: () => undefined
		});
		this.tabs.push(tab);
		await tab.core.loaded;
		await settled();
		return tab;
	}

	get socket(): TrialSocket {
		return this.machine.sockets.last;
	}

	/** The server takes the connection and tells what is new, and that there is no more. */
	async connect(...changes: readonly Change[]): Promise<void> {
		this.socket.events.opened();
		this.socket.welcome(this.machine.clock.now());
		await settled();
		await this.tell(...changes);
	}

	/** The server sends entries, as many as there are changes. */
	async tell(...changes: readonly Change[]): Promise<void> {
		this.#log(changes.map((change) => [change]));
		await settled();
	}

	/** The server commits entries, as many as there are changes, and this device hears of them with the next. */
	async hearNot(...changes: readonly Change[]): Promise<void> {
		this.#append(changes.map((change) => [change]));
		await settled();
	}

	/** The server sends an entry that no device made. */
	async tellItself(...changes: readonly Change[]): Promise<void> {
		this.#append([changes], null);
		await this.tell();
	}

	/** Takes every batch that was pushed on this connection into the log, and acks it. */
	async ackAll(): Promise<void> {
		const answered = new Set<unknown>();
		await settled();
		for (;;) {
			const pushed = (this.socket.sent('push') as PushFrame[]).filter(({ batch }) => !answered.has(batch));
			if (pushed.length === 0) return;
			for (const { batch, changes } of pushed) {
				answered.add(batch);
				const isRepeat = this.#taken.has(batch);
				const seq = this.#take(batch, changes);
				if (!isRepeat) this.#log([]);
				this.socket.say('acked', { batch, space, seq, stamps: [] });
			}
			await settled();
		}
	}

	/** Takes what was pushed on this connection into the log, and the connection breaks before anything of it is told. */
	async commitUnheard(): Promise<void> {
		await settled();
		for (const { batch, changes } of this.socket.sent('push') as PushFrame[]) this.#take(batch, changes);
		this.socket.closeWith(1006);
	}

	close(): void {
		for (const tab of this.tabs) tab.close();
	}

	/** Puts a batch into the log, once; answers where it is. */
	#take(batch: BatchId, changes: readonly Change[]): number {
		const known = this.#taken.get(batch);
		if (known !== undefined) return known;
		this.#append([changes], this.tabs[0]?.core.memory.device);
		this.#taken.set(batch, this.#seq);
		return this.#seq;
	}

	#log(entries: readonly (readonly Change[])[]): void {
		this.#append(entries);
		const [seq, heard] = [this.#seq, this.#unheard.splice(0)];
		this.socket.say('entries', { space, generation, entries: heard, seq, head: seq });
	}

	#append(entries: readonly (readonly Change[])[], device: DeviceId | null = 'other' as DeviceId): void {
		const first = this.#seq + 1;
		const at = this.machine.clock.now();
		const logged = entries.map((changes, index): Entry => ({
			seq: first + index,
			at,
			device,
			origin: 'peer',
			changes
		}));
		this.#seq += logged.length;
		this.#unheard.push(...logged);
	}

	#answer(request: string): Answer {
		if (request.endsWith('/opening')) return { status: 200, body: this.opening };
		if (request.includes('/opening?since=')) {
			return this.openingSince === null ? { status: 400 } : { status: 200, body: this.openingSince };
		}
		const end = /packs\?since=\d+&before=(\d+)/.exec(request)?.[1];
		const changed = end === undefined ? undefined : this.changedPacks.get(Number(end));
		if (changed !== undefined) return changed === 'offline' ? changed : { status: 200, body: changed };
		const before = /packs\?before=(\d+)/.exec(request)?.[1];
		const pack = before === undefined ? undefined : this.packs.get(Number(before));
		if (pack !== undefined) return { status: 200, body: pack };
		return { status: request === 'GET /api/session' ? 200 : 404 };
	}
}
