import type { SpaceId } from '#schema/ids.ts';
import type { Chance } from '#schema/trial/chance.ts';
import { openReplica, type OpenReplica } from '#lib/replica/open-replica.ts';
import { memoryDisk, openMemoryStorage } from '#lib/replica/storage/memory.ts';
import type { ReplicaStorage } from '#lib/replica/storage/storage.ts';
import type { MailServer } from './mail-server.ts';
import { Network } from './network.ts';
import { settle, type VirtualTime } from './virtual-time.ts';

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
	readonly #disk = memoryDisk();
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
		how: { readonly skew: number; readonly hasLocks: boolean }
	) {
		this.name = name;
		this.#time = world.time;
		this.#chance = world.chance;
		this.#space = world.space;
		this.skew = how.skew;
		this.#hasLocks = how.hasLocks;
		this.network = new Network(world.time, world.chance, world.server, name);
	}

	/** Opens one more tab over the same disk. */
	async openTab(): Promise<Tab> {
		const life = new AbortController();
		const storage = openMemoryStorage(this.#disk);
		let hide: () => void = () => undefined;
		const open = openReplica({
			environment: {
				clock: {
					now: () => this.#time.now + this.skew,
					after: (pause, run) => this.#after(life.signal, pause, run)
				},
				random: (length) => this.#chance.bytes(length),
				fetch: this.network.fetch,
				upload: () => Promise.resolve({ status: 201 }),
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
		await settle();
		return tab;
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
