import { decodeFrame, encodeFrame, type FrameKind, type RawFrame } from '#schema/protocol/frames.ts';
import type { WelcomeFrame } from '#schema/protocol/messages.ts';
import { profileOfLi as profile } from '#schema/trial/people.ts';
import type { OpenSocket, Socket, SocketEvents } from '../../platform/socket.ts';

/** One connection, the test being its other end. */
export class TrialSocket implements Socket {
	readonly events: SocketEvents;
	readonly frames: RawFrame[] = [];
	isClosed = false;

	constructor(events: SocketEvents) {
		this.events = events;
	}

	send(bytes: Uint8Array): void {
		const frame = decodeFrame(new Uint8Array(bytes));
		if (frame === null) throw new Error('the device sent what is no frame');
		this.frames.push(frame);
	}

	close(): void {
		this.closeWith(1000);
	}

	/** The other end, or the network, closes. */
	closeWith(code: number): void {
		if (this.isClosed) return;
		this.isClosed = true;
		this.events.closed(code);
	}

	/** The other end sends a frame. */
	say(kind: FrameKind, payload: unknown): void {
		this.events.message(encodeFrame(kind, payload));
	}

	welcome(now: number, over: Partial<WelcomeFrame> = {}): void {
		this.say('welcome', { version: 1, now, profile, spaces: [], ...over });
	}

	/** Payloads the device sent of a kind. */
	sent(kind: FrameKind): unknown[] {
		return this.frames.flatMap((frame) => (frame.kind === kind ? [frame.payload] : []));
	}

	get kinds(): string[] {
		return this.frames.map(({ kind }) => kind);
	}
}

/** Every connection a device tried to make, in order. */
export class TrialSockets {
	readonly all: TrialSocket[] = [];

	readonly open: OpenSocket = (events) => {
		const socket = new TrialSocket(events);
		this.all.push(socket);
		return socket;
	};

	get last(): TrialSocket {
		const socket = this.all.at(-1);
		if (socket === undefined) throw new Error('no connection was tried');
		return socket;
	}
}
