import type { DocumentId, SpaceId } from '#schema/ids.ts';
import { closeCodes } from '#schema/protocol/codes.ts';
import type { OpenedFrame } from '#schema/protocol/messages.ts';

/** The part of the connection that live channels use. */
export interface LiveConnection {
	send(kind: 'open' | 'close', payload: unknown): boolean;
	sendLive(channel: number, bytes: Uint8Array): void;
}

/** What the y-websocket provider touches of a WebSocket. */
export interface ChannelSocket {
	binaryType: string;
	readonly readyState: number;
	readonly OPEN: number;
	onopen: (() => void) | null;
	onmessage: ((event: { data: ArrayBuffer }) => void) | null;
	onclose: ((event: { code: number; reason: string }) => void) | null;
	onerror: ((event: unknown) => void) | null;
	send(bytes: Uint8Array): void;
	close(): void;
}

const states = { connecting: 0, open: 1, closed: 3 } as const;

/** Highest channel number the protocol allows. */
const mostChannels = 1000;

/** An awareness message about nobody; it keeps the provider from taking a quiet room for a dead one. */
const nothingNew = new Uint8Array([1, 1, 0]);

interface Channel {
	readonly document: DocumentId;
	readonly socket: ChannelSocket;
	/** Undefined while it waits for a connection. */
	number: number | undefined;
	setState(state: number): void;
}

/**
 * Live documents over the one connection: each has a channel that looks like a WebSocket. One that is opened
 * with no connection waits for it; when a connection breaks its open channels close as a broken socket does.
 */
export class LiveChannels {
	readonly #space: SpaceId;
	#connection: LiveConnection | undefined;
	readonly #channels = new Set<Channel>();

	constructor(space: SpaceId) {
		this.#space = space;
	}

	connected(connection: LiveConnection): void {
		this.#connection = connection;
		for (const channel of this.#channels) this.#ask(channel);
	}

	disconnected(): void {
		this.#connection = undefined;
		for (const channel of [...this.#channels]) {
			if (channel.number !== undefined) this.#end(channel, 1006);
		}
	}

	/** The server answered an opening, or took a channel away. */
	opened({ channel: number, access }: OpenedFrame): void {
		const channel = this.#byNumber(number);
		if (channel === undefined) return;
		if (access === 'none') {
			this.#end(channel, closeCodes.notPermitted);
			return;
		}
		channel.setState(states.open);
		channel.socket.onopen?.();
	}

	/** Bytes on a channel; those of one that is not open are of its number's former life. */
	received(number: number, bytes: Uint8Array): void {
		const channel = this.#byNumber(number);
		if (channel?.socket.readyState !== states.open) return;
		channel.socket.onmessage?.({ data: new Uint8Array(bytes).buffer });
	}

	/** The connection lives, so its channels do. */
	beat(): void {
		for (const { socket } of this.#channels) {
			if (socket.readyState === states.open) socket.onmessage?.({ data: nothingNew.slice().buffer });
		}
	}

	/** A class whose instances are channels of that document; what the provider takes for its WebSocket. */
	socketClass(document: DocumentId): new () => ChannelSocket {
		const open = () => this.#open(document);
		return class {
			constructor() {
				return open();
			}
		} as new () => ChannelSocket;
	}

	#open(document: DocumentId): ChannelSocket {
		let state: number = states.connecting;
		const socket: ChannelSocket = {
			binaryType: 'arraybuffer',
			get readyState() {
				return state;
			},
			OPEN: states.open,
			onopen: null,
			onmessage: null,
			onclose: null,
			onerror: null,
			send: (bytes) => {
				if (state === states.open && channel.number !== undefined) {
					this.#connection?.sendLive(channel.number, bytes);
				}
			},
			close: () => {
				if (state === states.closed) return;
				if (channel.number !== undefined) this.#connection?.send('close', { channel: channel.number });
				this.#end(channel, 1000);
			}
		};
		const channel: Channel = {
			document,
			socket,
			number: undefined,
			setState: (next) => {
				state = next;
			}
		};
		this.#channels.add(channel);
		this.#ask(channel);
		return socket;
	}

	#ask(channel: Channel): void {
		if (this.#connection === undefined || channel.number !== undefined) return;
		const taken = new Set([...this.#channels].map(({ number }) => number));
		let number = 1;
		while (taken.has(number)) number += 1;
		if (number > mostChannels) return;
		channel.number = number;
		this.#connection.send('open', { channel: number, space: this.#space, document: channel.document });
	}

	#end(channel: Channel, code: number): void {
		this.#channels.delete(channel);
		channel.setState(states.closed);
		channel.socket.onclose?.({ code, reason: '' });
	}

	#byNumber(number: number): Channel | undefined {
		return [...this.#channels].find((channel) => channel.number === number);
	}
}
