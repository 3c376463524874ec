import type { Chance } from '#schema/trial/chance.ts';
import type { MailServer } from './mail-server.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What a device's socket tells, as the replica's port has it. */
interface SocketEvents {
	opened(): void;
	message(bytes: Uint8Array): void;
	closed(code: number): void;
}

/** One direction of a connection: what was sent comes later, in order. */
class Pipe {
	readonly #time: VirtualTime;
	readonly #delay: () => number;
	#clearAt = 0;

	constructor(time: VirtualTime, delay: () => number) {
		this.#time = time;
		this.#delay = delay;
	}

	/** Lets something happen at the other end, after all that was sent before. */
	send(arrive: () => void): void {
		this.#clearAt = Math.max(this.#clearAt, this.#time.now + this.#delay());
		this.#time.after(this.#clearAt - this.#time.now, arrive);
	}
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

	constructor(time: VirtualTime, chance: Chance, server: MailServer, session: string) {
		this.#time = time;
		this.#chance = chance;
		this.#server = server;
		this.#session = session;
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

	onNetwork = (changed: (mayBeBack: boolean) => void): (() => void) => {
		this.#listeners.add(changed);
		return () => this.#listeners.delete(changed);
	};

	openSocket = (events: SocketEvents): { send(bytes: Uint8Array): void; close(): void } => {
		const delay = () => this.#delay();
		const toServer = new Pipe(this.#time, delay);
		const toDevice = new Pipe(this.#time, delay);
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
					if (isOpenThere) toDevice.send(() => isOpenHere && events.message(copy));
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
			this.#time.after(delay(), () => endHere(1006));
			return { send: () => undefined, close: () => endHere(1006) };
		}
		this.#open.add(broken);
		this.#time.after(delay(), () => isOpenHere && events.opened());
		return {
			send: (bytes) => {
				const copy = new Uint8Array(bytes);
				this.#repeatedly(() => {
					if (isOpenHere)
						toServer.send(() => isOpenThere && connected.isServed() && connected.connection.receive(copy));
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
