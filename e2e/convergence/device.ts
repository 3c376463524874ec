import type { SpaceId } from '#schema/ids.ts';
import type { Chance } from '#schema/trial/chance.ts';
import { openReplica, type OpenReplica } from '#lib/replica/open-replica.ts';
import { memoryDisk, openMemoryStorage } from '#lib/replica/storage/memory.ts';
import { restore, salvage } from '#lib/replica/storage/salvage.ts';
import type { ReplicaStorage } from '#lib/replica/storage/storage.ts';
import type { MailServer } from './mail-server.ts';
import { Network, type Order } from './network.ts';
import { settle, type VirtualTime } from './virtual-time.ts';

/** What comes from the server and can be had again: any of it may be spoiled. */
const replaceable = [
	'meta',
	'packs',
	'columns',
	'registers',
	'subjects',
	'documents',
	'submissions'
] as const;

/** Exclusive locks among the tabs of one device. */
class TabLocks {
	#holder: object | undefined;
	#waiting: { readonly key: object; readonly take: () => void }[] = [];

	hold(signal: AbortSignal, held: () => void): void {
		const key = {};
		signal.addEventListener('abort', () => {
			this.release(key);
		});
		this.#waiting.push({ key, take: held });
		this.#next();
	}

	release(key: object): void {
		this.#waiting = this.#waiting.filter((waiting) => waiting.key !== key);
		if (this.#holder === key) this.#holder = undefined;
		this.#next();
	}

	#next(): void {
		const next = this.#holder === undefined ? this.#waiting.shift() : undefined;
		if (next === undefined) return;
		this.#holder = next.key;
		next.take();
	}
}

/** A tab of a device, and how to make it vanish without a word. */
export interface Tab {
	readonly open: OpenReplica;
	readonly storage: ReplicaStorage;
	readonly life: AbortController;
	/** The page is put away: the last chance to keep something. */
	readonly hide: () => void;
}

/** A device: a disk, a clock of its own, a network, and tabs that share all three. */
export class Device {
	readonly name: string;
	readonly network: Network;
	readonly tabs: Tab[] = [];
	readonly #time: VirtualTime;
	readonly #chance: Chance;
	readonly #space: SpaceId;
	#disk = memoryDisk();
	/** How often the database was rebuilt. */
	#rebuilt = 0;
	#rebuilding: Promise<unknown> = Promise.resolve();
	readonly #kept = new Map<string, string>();
	readonly #locks = new TabLocks();
	readonly #hasLocks: boolean;
	readonly #listeners = new Set<{ readonly heard: (message: unknown) => void }>();
	/** How far this device's clock is ahead, milliseconds. */
	readonly skew: number;

	constructor(
		name: string,
		world: {
			readonly time: VirtualTime;
			readonly chance: Chance;
			readonly server: MailServer;
			readonly space: SpaceId;
		},
		how: { readonly skew: number; readonly hasLocks: boolean; readonly order: Order }
	) {
		this.name = name;
		this.#time = world.time;
		this.#chance = world.chance;
		this.#space = world.space;
		this.skew = how.skew;
		this.#hasLocks = how.hasLocks;
		this.network = new Network({ ...world, session: name, order: how.order });
	}

	/** A device whose database was rebuilt may count as another one. */
	get identity(): string {
		return `${this.name}/${this.#rebuilt}`;
	}

	/** Opens one more tab over the same disk. */
	async openTab(): Promise<Tab> {
		await this.#rebuilding;
		const life = new AbortController();
		const disk = this.#disk;
		const storage = openMemoryStorage(disk);
		let hide: () => void = () => undefined;
		const open = openReplica({
			environment: {
				clock: {
					now: () => this.#time.now + this.skew,
					after: (pause, run) => this.#after(life.signal, pause, run)
				},
				random: (length) => this.#chance.bytes(length),
				fetch: this.network.fetch,
				upload: this.network.upload,
				openSocket: this.network.openSocket,
				locks: this.#hasLocks
					? {
							hold: (_name, signal, held) => this.#locks.hold(AbortSignal.any([signal, life.signal]), held),
							isHeld: () => Promise.resolve(true)
						}
					: null,
				openChannel: (_name, heard) => this.#join(life.signal, heard),
				onNetwork: this.network.onNetwork,
				onHidden: (hidden) => {
					hide = hidden;
					return () => (hide = () => undefined);
				},
				kept: {
					getItem: (key) => this.#kept.get(key) ?? null,
					setItem: (key, value) => void this.#kept.set(key, value),
					removeItem: (key) => void this.#kept.delete(key)
				}
			},
			storage,
			space: this.#space,
			isShared: true,
			profileTold: () => undefined,
			signedOut: () => undefined
		});
		const tab: Tab = {
			open,
			storage,
			life,
			hide: () => {
				hide();
			}
		};
		this.tabs.push(tab);
		open.core.faults.add(() => {
			if (disk === this.#disk) this.#rebuilding = this.#rebuild();
		});
		await settle();
		return tab;
	}

	/** One record of what the server has too becomes something else. */
	spoil(): void {
		const stores = replaceable.filter((name) => (this.#disk.stores.get(name)?.size ?? 0) > 0);
		if (stores.length === 0) return;
		const rows = this.#disk.stores.get(this.#chance.pick(stores));
		const keys = [...(rows?.keys() ?? [])];
		rows?.set(this.#chance.pick(keys), 'spoiled');
	}

	/** Everything that the server has too becomes something else. */
	spoilEverything(): void {
		for (const name of replaceable) {
			const rows = this.#disk.stores.get(name);
			for (const key of rows?.keys() ?? []) rows?.set(key, 'spoiled');
		}
	}

	/** What a start of the app does with a database that can't be read, after which all tabs are open again. */
	async #rebuild(): Promise<void> {
		const broken = openMemoryStorage(this.#disk);
		this.#disk = memoryDisk();
		this.#rebuilt += 1;
		const tabs = [...this.tabs];
		for (const tab of tabs) this.crash(tab);
		const fresh = openMemoryStorage(this.#disk);
		await restore(fresh, await salvage(broken, (length) => this.#chance.bytes(length)));
		this.#rebuilding = Promise.resolve();
		for (let opened = 0; opened < tabs.length; opened += 1) await this.openTab();
	}

	/** The tab is gone as if its process was killed: nothing more of it happens. */
	crash(tab: Tab): void {
		tab.storage.close();
		tab.life.abort();
		this.tabs.splice(this.tabs.indexOf(tab), 1);
		this.network.breakConnections();
		tab.open.close();
	}

	/** The tab is closed by the person. */
	close(tab: Tab): void {
		tab.hide();
		tab.open.close();
		tab.life.abort();
		this.tabs.splice(this.tabs.indexOf(tab), 1);
	}

	#after(life: AbortSignal, pause: number, run: () => void): () => void {
		return this.#time.after(pause, () => {
			if (!life.aborted) run();
		});
	}

	#join(life: AbortSignal, heard: (message: unknown) => void) {
		const own = { heard };
		this.#listeners.add(own);
		const close = () => {
			this.#listeners.delete(own);
		};
		life.addEventListener('abort', close);
		return {
			close,
			post: (message: unknown) => {
				const copy = structuredClone(message);
				for (const other of this.#listeners) {
					if (other !== own) this.#time.after(1, () => this.#listeners.has(other) && other.heard(copy));
				}
			}
		};
	}
}
