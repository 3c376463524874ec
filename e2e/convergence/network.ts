import type { Chance } from '#schema/trial/chance.ts';
import type { ReplicaParts } from '#lib/replica/open-replica.ts';
import type { MailServer } from './mail-server.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What a device's socket tells, as the replica's port has it. */
interface SocketEvents {
	opened(): void;
	message(bytes: Uint8Array): void;
	closed(code: number): void;
}

/**
 * In which order frames of one connection come: as a WebSocket has it; those of each channel in order, but not
 * the channels among each other; or, now and then, a frame after the one that was sent next.
 */
export const orders = ['sent', 'by-channel', 'swapped'] as const;
export type Order = (typeof orders)[number];

/** Milliseconds after which a frame that was to come after the next one comes without it. */
const longestSwap = 1_000;

/** One direction of a connection, or of a channel of it: what was sent comes later, in order. */
class Pipe {
	readonly #time: VirtualTime;
	readonly #delay: () => number;
	readonly #isSwapped: () => boolean;
	#clearAt = 0;
	#swapped: (() => void) | undefined;

	constructor(time: VirtualTime, delay: () => number, isSwapped: () => boolean) {
		this.#time = time;
		this.#delay = delay;
		this.#isSwapped = isSwapped;
	}

	/** Lets something happen at the other end, after all that was sent before. */
	send(arrive: () => void): void {
		const swapped = this.#swapped;
		this.#swapped = undefined;
		if (swapped === undefined && this.#isSwapped()) this.#swap(arrive);
		else this.#inOrder(arrive);
		if (swapped !== undefined) this.#inOrder(swapped);
	}

	#swap(arrive: () => void): void {
		this.#swapped = arrive;
		this.#time.after(longestSwap, () => {
			if (this.#swapped !== arrive) return;
			this.#swapped = undefined;
			this.#inOrder(arrive);
		});
	}

	#inOrder(arrive: () => void): void {
		this.#clearAt = Math.max(this.#clearAt, this.#time.now + this.#delay());
		this.#time.after(this.#clearAt - this.#time.now, arrive);
	}
}

/** One direction of a connection: a pipe, or one for each channel. */
class Direction {
	readonly #pipe: () => Pipe;
	readonly #order: Order;
	readonly #pipes = new Map<number, Pipe>();

	constructor(pipe: () => Pipe, order: Order) {
		this.#pipe = pipe;
		this.#order = order;
	}

	/** Lets a frame come at the other end; without one, the end of the connection. */
	send(arrive: () => void, frame?: Uint8Array): void {
		const channel = this.#order === 'by-channel' && frame !== undefined ? (frame[0] ?? 0) : 0;
		const pipe = this.#pipes.get(channel) ?? this.#pipe();
		this.#pipes.set(channel, pipe);
		pipe.send(arrive);
	}
}

export interface NetworkParts {
	readonly time: VirtualTime;
	readonly chance: Chance;
	readonly server: MailServer;
	readonly session: string;
	readonly order: Order;
}

/**
 * One device's way to the server. A cut is seen at once by the device; the server hears of it later, and until
 * then takes what was under way: so frames of an old connection come in between those of a new one.
 */
export class Network {
	readonly #time: VirtualTime;
	readonly #chance: Chance;
	readonly #server: MailServer;
	readonly #open = new Set<() => void>();
	readonly #listeners = new Set<(mayBeBack: boolean) => void>();
	readonly #session: string;
	#isUp = true;
	#order: Order;

	constructor({ time, chance, server, session, order }: NetworkParts) {
		this.#time = time;
		this.#chance = chance;
		this.#server = server;
		this.#session = session;
		this.#order = order;
	}

	get isUp(): boolean {
		return this.#isUp;
	}

	/** Breaks every connection and lets none be made. */
	cut(): void {
		this.#isUp = false;
		this.breakConnections();
		for (const changed of [...this.#listeners]) changed(false);
	}

	breakConnections(): void {
		for (const end of [...this.#open]) end();
	}

	restore(): void {
		this.#isUp = true;
		for (const changed of [...this.#listeners]) changed(true);
	}

	/** From now on it is a network as there are. */
	calm(): void {
		this.#order = 'sent';
	}

	onNetwork = (changed: (mayBeBack: boolean) => void): (() => void) => {
		this.#listeners.add(changed);
		return () => this.#listeners.delete(changed);
	};

	openSocket = (events: SocketEvents): { send(bytes: Uint8Array): void; close(): void } => {
		const toServer = this.#direction();
		const toDevice = this.#direction();
		let isOpenHere = true;
		let isOpenThere = true;
		const endHere = (code: number) => {
			if (!isOpenHere) return;
			isOpenHere = false;
			this.#open.delete(broken);
			events.closed(code);
		};
		const broken = () => {
			endHere(1006);
			toServer.send(endThere);
		};
		const connected = this.#connect({
			send: (bytes) => {
				const copy = new Uint8Array(bytes);
				this.#repeatedly(() => {
					if (isOpenThere) toDevice.send(() => isOpenHere && events.message(copy), copy);
				});
			},
			close: (code) => {
				isOpenThere = false;
				toDevice.send(() => endHere(code));
			}
		});
		const endThere = () => {
			if (!isOpenThere || connected === undefined) return;
			isOpenThere = false;
			connected.hub.disconnected(connected.connection);
		};
		if (connected === undefined) {
			this.#time.after(this.#delay(), () => endHere(1006));
			return { send: () => undefined, close: () => endHere(1006) };
		}
		this.#open.add(broken);
		this.#time.after(this.#delay(), () => isOpenHere && events.opened());
		return {
			send: (bytes) => {
				const copy = new Uint8Array(bytes);
				this.#repeatedly(() => {
					if (isOpenHere)
						toServer.send(
							() => isOpenThere && connected.isServed() && connected.connection.receive(copy),
							copy
						);
				});
			},
			close: broken
		};
	};

	/** Answers as a browser's fetch does: it rejects where there is no connection. */
	fetch = async (address: string): Promise<Response> => {
		await this.#way();
		const answer = await this.#server.read(new URL(address, 'http://hongyan.example'));
		await this.#way();
		if (this.#chance.happens(0.05)) throw new TypeError('no network');
		const { status, body } = answer;
		const ok = status < 300;
		// Only what the replica reads of a Response; the real one takes turns of its own.
		const pieces = [new Uint8Array(body)];
		const read = async () => ({ done: pieces.length === 0, value: pieces.shift() });
		return {
			ok,
			status,
			body: { getReader: () => ({ read }), cancel: async () => undefined }
		} as unknown as Response;
	};

	/** Uploads as a browser does: no status where the answer did not come, whatever became of the bytes. */
	upload: ReplicaParts['environment']['upload'] = async (address, bytes, progress) => {
		const url = new URL(address, 'http://hongyan.example');
		const copy = bytes.slice();
		try {
			await this.#way();
			progress(Math.floor(copy.byteLength / 2));
			await this.#way();
			const status = await this.#server.upload(url, copy);
			await this.#way();
			return { status: this.#chance.happens(0.05) ? null : status, code: null };
		} catch (error) {
			if (!(error instanceof TypeError)) throw error;
			return { status: null, code: null };
		}
	};

	#direction(): Direction {
		const isSwapped = () => this.#order === 'swapped' && this.#chance.happens(0.02);
		return new Direction(() => new Pipe(this.#time, () => this.#delay(), isSwapped), this.#order);
	}

	#connect(socket: { readonly send: (bytes: Uint8Array) => void; readonly close: (code: number) => void }) {
		if (!this.#isUp || !this.#server.isRunning) return undefined;
		const { hub } = this.#server;
		const ends = { ...socket, buffered: 0, drained: () => Promise.resolve() };
		// What reaches a server that was stopped reaches nobody.
		const isServed = () => this.#server.isRunning && this.#server.hub === hub;
		return { hub, isServed, connection: hub.connect(this.#server.account(this.#session), ends) };
	}

	/** Sends a frame, now and then twice: no network of ours does that, and nothing may come of it. */
	#repeatedly(send: () => void): void {
		send();
		if (this.#chance.happens(0.02)) send();
	}

	/** The time one way takes; it rejects where the network is gone in the end. */
	#way(): Promise<void> {
		return new Promise((resolve, reject) =>
			this.#time.after(this.#chance.happens(0.3) ? this.#chance.below(8_000) : this.#delay(), () => {
				if (this.#isUp) resolve();
				else reject(new TypeError('no network'));
			})
		);
	}

	/** Mostly quick, now and then slow. */
	#delay(): number {
		return this.#chance.happens(0.1) ? this.#chance.below(2_000) : this.#chance.below(60);
	}
}
