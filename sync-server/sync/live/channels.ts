import type { DeviceId, DocumentId, SpaceId } from '#schema/ids.ts';
import { encodeFrame, encodeLiveFrame, mostLiveChannels } from '#schema/protocol/frames.ts';
import type { OpenFrame, OpenedFrame } from '#schema/protocol/messages.ts';
import type { RoomMember } from './room.ts';
import type { Rooms } from './rooms.ts';
import type { Room } from './room.ts';

/** What a connection's channels need around them. */
export interface ChannelsPort {
	readonly device: DeviceId;
	readonly rooms: Rooms;
	send(frame: Uint8Array): void;
	access(space: SpaceId, document: DocumentId): OpenedFrame['access'];
	/** A change was taken on a channel. */
	wrote(): void;
	/** Something came that is not of the protocol; the connection ends. */
	malformed(): void;
	/** A document could not be loaded. */
	failed(error: unknown): void;
}

/** A channel is being opened until it has its room. */
interface Channel {
	way: { readonly room: Room; readonly member: RoomMember } | null;
}

/** The live channels of one connection. */
export class Channels {
	readonly #port: ChannelsPort;
	readonly #open = new Map<number, Channel>();

	constructor(port: ChannelsPort) {
		this.#port = port;
	}

	/** Opens a channel, or opens it anew; answers on the connection. */
	async open({ channel: number, space, document }: OpenFrame): Promise<void> {
		this.close(number);
		const access = this.#port.access(space, document);
		if (access === 'none' || this.#open.size >= mostLiveChannels) {
			this.#answer(number, 'none');
			return;
		}
		const channel: Channel = { way: null };
		this.#open.set(number, channel);
		try {
			const room = await this.#port.rooms.enter(space, document);
			this.#enter(number, channel, room, access);
		} catch (error) {
			this.#port.failed(error);
			this.#refuse(number, channel);
		}
	}

	/** Closes a channel; one that is not open is no error. */
	close(number: number): void {
		const channel = this.#open.get(number);
		this.#open.delete(number);
		channel?.way?.room.leave(channel.way.member);
	}

	/** Takes bytes of a channel. */
	receive(number: number, bytes: Uint8Array): void {
		const way = this.#open.get(number)?.way;
		if (way === undefined || way === null) return;
		if (way.room.receive(way.member, bytes) === 'malformed') this.#port.malformed();
	}

	closeAll(): void {
		for (const number of [...this.#open.keys()]) this.close(number);
	}

	#enter(number: number, channel: Channel, room: Room, access: 'write' | 'read'): void {
		if (this.#open.get(number) !== channel) {
			room.closeIfIdle();
			return;
		}
		const member: RoomMember = {
			device: this.#port.device,
			access,
			send: (message) => this.#port.send(encodeLiveFrame(number, message)),
			wrote: () => this.#port.wrote(),
			ended: () => this.#refuse(number, channel)
		};
		channel.way = { room, member };
		this.#answer(number, access);
		room.join(member);
	}

	#refuse(number: number, channel: Channel): void {
		if (this.#open.get(number) !== channel) return;
		this.#open.delete(number);
		this.#answer(number, 'none');
	}

	#answer(channel: number, access: OpenedFrame['access']): void {
		const frame: OpenedFrame = { channel, access };
		this.#port.send(encodeFrame('opened', frame));
	}
}
