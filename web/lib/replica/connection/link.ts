import type { RandomBytes } from '#schema/ids.ts';
import { closeCodes } from '#schema/protocol/codes.ts';
import { encodeFrame, encodeLiveFrame, type FrameKind } from '#schema/protocol/frames.ts';
import { protocolVersions, type HelloFrame, type WelcomeFrame } from '#schema/protocol/messages.ts';
import type { Cancel, Clock } from '../../platform/clock.ts';
import type { OpenSocket, Socket } from '../../platform/socket.ts';
import { serverFrame, type ServerFrame } from './server-frames.ts';

/** How the connection is. `waiting`: it will be tried again by itself. */
export type LinkState = 'stopped' | 'connecting' | 'open' | 'waiting' | 'signed-out' | 'outdated';

/** Milliseconds. */
export const linkTimes = {
	/** Between two pings. */
	heartbeat: 15_000,
	/** Without any frame for so long the connection is taken for dead. */
	dead: 40_000,
	/** The same after a ping that asks whether the connection still stands. */
	deadWhenAsked: 5_000,
	firstWait: 500,
	longestWait: 60_000
} as const;

export interface LinkEvents {
	/** A connection stands: the server's first word. */
	welcomed(frame: WelcomeFrame): void;
	frame(frame: Exclude<ServerFrame, { kind: 'welcome' | 'pong' }>): void;
	/** The connection that had been welcomed is gone. */
	lost(): void;
	stateChanged(state: LinkState): void;
	/** A heartbeat was answered. */
	alive(): void;
}

export interface LinkParts {
	readonly clock: Clock;
	readonly random: RandomBytes;
	readonly openSocket: OpenSocket;
	readonly hello: Pick<HelloFrame, 'device'>;
	/** Asks the server over HTTP whether the session is good; a refused WebSocket doesn't tell why. */
	readonly isSignedOut: () => Promise<boolean>;
	readonly events: LinkEvents;
}

/**
 * The one connection to the server: says hello, keeps a heartbeat, comes back by itself with growing pauses.
 * The pause starts anew only after a heartbeat was answered, so that a server that accepts and fails is
 * left in peace.
 */
export class Link {
	readonly #parts: LinkParts;
	#state: LinkState = 'stopped';
	#socket: Socket | undefined;
	/** Counts sockets, so that a late event of an earlier one is not taken for one of this. */
	#attempt = 0;
	#failures = 0;
	#timers: Cancel[] = [];
	#deathTimer: Cancel | undefined;

	constructor(parts: LinkParts) {
		this.#parts = parts;
	}

	get state(): LinkState {
		return this.#state;
	}

	/** Connects, also where it was told to sign in again or waits for its next attempt. */
	start(): void {
		if (this.#state === 'connecting' || this.#state === 'open') return;
		this.#connect();
	}

	/** Asks a connection that may have gone without a word whether it still stands; gives it up soon if it doesn't. */
	check(): void {
		if (this.send('ping', {})) this.#stayAlive(linkTimes.deadWhenAsked);
	}

	stop(): void {
		this.#drop();
		this.#become('stopped');
	}

	/** Sends a control frame; false where there is no welcomed connection. */
	send(kind: FrameKind, payload: unknown): boolean {
		if (!this.#isWelcomed() || this.#socket === undefined) return false;
		this.#socket.send(encodeFrame(kind, payload));
		return true;
	}

	sendLive(channel: number, bytes: Uint8Array): void {
		if (this.#state === 'open') this.#socket?.send(encodeLiveFrame(channel, bytes));
	}

	#become(state: LinkState): void {
		if (state === this.#state) return;
		this.#state = state;
		this.#parts.events.stateChanged(state);
	}

	#connect(): void {
		this.#drop();
		const attempt = this.#attempt;
		const isCurrent = () => attempt === this.#attempt;
		let isOpened = false;
		this.#become('connecting');
		this.#stayAlive();
		this.#socket = this.#parts.openSocket({
			opened: () => {
				if (!isCurrent()) return;
				isOpened = true;
				const hello: HelloFrame = { versions: protocolVersions, device: this.#parts.hello.device };
				this.#socket?.send(encodeFrame('hello', hello));
			},
			message: (bytes) => {
				if (isCurrent()) this.#received(bytes);
			},
			closed: (code) => {
				if (isCurrent()) this.#closed(code, isOpened);
			}
		});
	}

	#received(bytes: Uint8Array): void {
		const frame = serverFrame(bytes);
		if (frame === null) {
			this.#lose();
			return;
		}
		this.#stayAlive();
		if (frame.kind === 'pong') {
			this.#failures = 0;
			this.#parts.events.alive();
		} else if (frame.kind === 'welcome') this.#welcomed(frame.payload);
		else this.#parts.events.frame(frame);
	}

	#welcomed(frame: WelcomeFrame): void {
		this.#become(frame.version === 0 ? 'outdated' : 'open');
		this.#beat();
		this.#parts.events.welcomed(frame);
	}

	#beat(): void {
		this.#timers.push(
			this.#parts.clock.after(linkTimes.heartbeat, () => {
				this.#timers = [];
				this.send('ping', {});
				this.#beat();
			})
		);
	}

	/** Something came: the connection is not dead before the time is over once more. */
	#stayAlive(time: number = linkTimes.dead): void {
		this.#deathTimer?.();
		this.#deathTimer = this.#parts.clock.after(time, () => this.#lose());
	}

	#closed(code: number, wasOpened: boolean): void {
		if (code === closeCodes.signedOut) this.#end('signed-out');
		else if (code === closeCodes.versionMismatch) this.#end('outdated');
		else if (wasOpened) this.#lose();
		else this.#probe();
	}

	/** The socket was never opened: the network, or a session that ended. */
	#probe(): void {
		this.#lose();
		const attempt = this.#attempt;
		void this.#parts.isSignedOut().then((isSignedOut) => {
			if (isSignedOut && attempt === this.#attempt) this.#end('signed-out');
		});
	}

	#end(state: 'signed-out' | 'outdated'): void {
		const wasWelcomed = this.#isWelcomed();
		this.#drop();
		this.#become(state);
		if (wasWelcomed) this.#parts.events.lost();
	}

	/** Gives this connection up and waits for the next attempt. */
	#lose(): void {
		const wasWelcomed = this.#isWelcomed();
		this.#drop();
		this.#become('waiting');
		if (wasWelcomed) this.#parts.events.lost();
		this.#timers.push(this.#parts.clock.after(this.#nextWait(), () => this.#connect()));
	}

	#isWelcomed(): boolean {
		return this.#state === 'open' || this.#state === 'outdated';
	}

	/** Between half and the whole of a time that doubles, so that devices don't come back all at once. */
	#nextWait(): number {
		const whole = Math.min(linkTimes.longestWait, linkTimes.firstWait * 2 ** this.#failures);
		this.#failures += 1;
		const chance = (this.#parts.random(1)[0] ?? 0) / 255;
		return Math.round(whole * (0.5 + chance / 2));
	}

	#drop(): void {
		this.#attempt += 1;
		for (const cancel of this.#timers.splice(0)) cancel();
		this.#deathTimer?.();
		this.#deathTimer = undefined;
		const socket = this.#socket;
		this.#socket = undefined;
		socket?.close();
	}
}
