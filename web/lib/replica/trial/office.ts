import type { DeviceId, DocumentId, SpaceId } from '#schema/ids.ts';
import type { PushFrame } from '#schema/protocol/messages.ts';
import type { Change, ChangedPack, Entry, Opening, Pack } from '#schema/space/entry.ts';
import type { DraftHandle } from '../drafts.ts';
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

	/** The server takes the connection and tells that nothing is new. */
	async connect(): Promise<void> {
		this.socket.events.opened();
		this.socket.welcome(this.machine.clock.now());
		await settled();
		await this.tell();
	}

	/** The server sends entries, as many as there are changes. */
	async tell(...changes: readonly Change[]): Promise<void> {
		this.#log(changes.map((change) => [change]));
		await settled();
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
				this.#log([changes], this.tabs[0]?.core.memory.device);
				this.socket.say('acked', { batch, space, seq: this.#seq, stamps: [] });
			}
			await settled();
		}
	}

	close(): void {
		for (const tab of this.tabs) tab.close();
	}

	#log(entries: readonly (readonly Change[])[], device: DeviceId | null = null): void {
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
		this.socket.say('entries', { space, generation, entries: logged, seq: this.#seq, head: this.#seq });
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
