import type { DocumentId, SpaceId } from '#schema/ids.ts';
import { closeCodes } from '#schema/protocol/codes.ts';
import { mostLiveChannels } from '#schema/protocol/frames.ts';
import type { OpenedFrame, OpenFrame } from '#schema/protocol/messages.ts';

/** The part of the connection that live channels use. */
export interface LiveConnection {
	send(...frame: ['open', OpenFrame] | ['close', Pick<OpenFrame, 'channel'>]): boolean;
	sendLive(channel: number, bytes: Uint8Array): void;
}

const states = { connecting: 0, open: 1, closed: 3 } as const;

/** Highest channel number the protocol allows. */
const highestNumber = 1000;

/** An awareness message about nobody; it keeps the provider from taking a quiet room for a dead one. */
const nothingNew = new Uint8Array([1, 1, 0]);

/** What a channel needs of the connection. */
interface ChannelTies {
	send(channel: LiveChannel, bytes: Uint8Array): void;
	close(channel: LiveChannel): void;
}

/** One document's way over the connection: what the y-websocket provider touches of a WebSocket. */
export class LiveChannel {
	readonly document: DocumentId;
	binaryType = 'arraybuffer';
	readyState: number = states.connecting;
	/** The provider compares with the constant of the instance, and sends nothing where it is missing. */
	readonly OPEN = states.open;
	onopen: (() => void) | null = null;
	onmessage: ((event: { data: ArrayBuffer }) => void) | null = null;
	onclose: ((event: { code: number; reason: string }) => void) | null = null;
	onerror: ((event: unknown) => void) | null = null;
	/** Its number on the connection; undefined while it waits for one. */
	number: number | undefined;
	readonly #ties: ChannelTies;

	constructor(document: DocumentId, ties: ChannelTies) {
		this.document = document;
		this.#ties = ties;
	}

	send(bytes: Uint8Array): void {
		if (this.readyState === states.open) this.#ties.send(this, bytes);
	}

	close(): void {
		if (this.readyState !== states.closed) this.#ties.close(this);
	}
}

/**
 * Live documents over the one connection: each has a channel that looks like a WebSocket. One that is opened
 * with no connection, or while as many are open as may be, waits; when a connection breaks its open channels close as
 * a broken socket does.
 */
export class LiveChannels {
	readonly #space: SpaceId;
	#connection: LiveConnection | undefined;
	readonly #channels = new Set<LiveChannel>();
	/** Numbers on this connection whose channel was closed before its opening was answered. */
	readonly #unanswered = new Set<number>();

	constructor(space: SpaceId) {
		this.#space = space;
	}

	connected(connection: LiveConnection): void {
		this.#connection = connection;
		this.#unanswered.clear();
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
		if (channel === undefined) {
			this.#unanswered.delete(number);
			this.#askNext();
			return;
		}
		if (access === 'none') {
			this.#end(channel, closeCodes.notPermitted);
			return;
		}
		channel.readyState = states.open;
		channel.onopen?.();
	}

	/** A channel was closed at its other end, for good where the code says so. */
	closed(number: number, code: number): void {
		const channel = this.#byNumber(number);
		if (channel !== undefined) this.#end(channel, code);
	}

	/** Bytes on a channel; those of one that is not open are of its number's former life. */
	received(number: number, bytes: Uint8Array): void {
		const channel = this.#byNumber(number);
		if (channel?.readyState !== states.open) return;
		channel.onmessage?.({ data: new Uint8Array(bytes).buffer });
	}

	/** The connection lives, so its channels do. */
	beat(): void {
		for (const channel of this.#channels) {
			if (channel.readyState === states.open) channel.onmessage?.({ data: nothingNew.slice().buffer });
		}
	}

	/** A class whose instances are channels of that document; what the provider takes for its WebSocket. */
	socketClass(document: DocumentId): new () => LiveChannel {
		const begin = (channel: LiveChannel) => {
			this.#channels.add(channel);
			this.#ask(channel);
		};
		const ties: ChannelTies = {
			send: ({ number }, bytes) => {
				if (number !== undefined) this.#connection?.sendLive(number, bytes);
			},
			close: (channel) => {
				const { number, readyState } = channel;
				if (number !== undefined) {
					this.#connection?.send('close', { channel: number });
					// Its answer, and bytes that come with it, would be taken for those of the next one.
					if (readyState === states.connecting) this.#unanswered.add(number);
				}
				this.#end(channel, 1000);
			}
		};
		return class extends LiveChannel {
			constructor() {
				super(document, ties);
				begin(this);
			}
		};
	}

	#ask(channel: LiveChannel): void {
		if (this.#connection === undefined || channel.number !== undefined) return;
		const used = [...this.#channels].flatMap(({ number }) => (number === undefined ? [] : [number]));
		const taken = new Set([...this.#unanswered, ...used]);
		let number = 1;
		while (taken.has(number)) number += 1;
		// The server would refuse it for good.
		if (used.length >= mostLiveChannels || number > highestNumber) return;
		channel.number = number;
		this.#connection.send('open', { channel: number, space: this.#space, document: channel.document });
	}

	/** A channel or a number became free: the one that waits longest is opened. */
	#askNext(): void {
		const next = [...this.#channels].find(({ number }) => number === undefined);
		if (next !== undefined) this.#ask(next);
	}

	#end(channel: LiveChannel, code: number): void {
		this.#channels.delete(channel);
		channel.readyState = states.closed;
		this.#askNext();
		channel.onclose?.({ code, reason: '' });
	}

	#byNumber(number: number): LiveChannel | undefined {
		return [...this.#channels].find((channel) => channel.number === number);
	}
}
