import type { DeviceId, DocumentId, SpaceId } from '#schema/ids.ts';
import type { Entry } from '#schema/space/entry.ts';
import { Room } from './room.ts';

/** What rooms need of a space. */
export interface RoomDocuments {
	/** The stored state of a document; null where nothing of it is stored yet. Fails where the space does. */
	load(space: SpaceId, document: DocumentId): Promise<Uint8Array | null>;
	/** Logs a change by a device; false where it was not taken. Never rejects. */
	log(space: SpaceId, document: DocumentId, device: DeviceId, update: Uint8Array): Promise<boolean>;
}

interface OpenRoom {
	readonly room: Room;
	readonly loaded: Promise<void>;
	readonly space: SpaceId;
	readonly document: DocumentId;
}

/** The rooms of this server: one for each document that somebody has open, made from what is stored. */
export class Rooms {
	readonly #documents: RoomDocuments;
	readonly #open = new Map<string, OpenRoom>();
	#empty: (() => void)[] = [];

	constructor(documents: RoomDocuments) {
		this.#documents = documents;
	}

	get size(): number {
		return this.#open.size;
	}

	/**
	 * The room of a document, with its stored state laid in; made where there is none. The caller joins it
	 * before anything else is awaited, or calls `closeIfIdle`: only that lets go of it again.
	 */
	async enter(space: SpaceId, document: DocumentId): Promise<Room> {
		const key = keyOf(space, document);
		const open = this.#open.get(key) ?? this.#make(key, space, document);
		try {
			await open.loaded;
		} catch (error) {
			open.room.end();
			throw error;
		}
		// It may have ended while it was awaited.
		return this.#open.get(key) === open ? open.room : this.enter(space, document);
	}

	/** Brings what came by the log into the rooms it concerns. */
	heard(space: SpaceId, entries: readonly Entry[]): void {
		if (this.#open.size === 0) return;
		for (const { changes } of entries) {
			for (const change of changes) {
				if (change.kind !== 'text') continue;
				this.#open.get(keyOf(space, change.document))?.room.merge(change.update);
			}
		}
	}

	/** Ends every room of a space, because its history is another now. */
	endOf(space: SpaceId): void {
		for (const open of [...this.#open.values()]) if (open.space === space) open.room.end();
	}

	/** Resolves when there is no room any more: everybody has left and everything is logged. */
	async emptied(): Promise<void> {
		if (this.#open.size > 0) await new Promise<void>((resolve) => this.#empty.push(resolve));
	}

	#forget(key: string, room: Room): void {
		if (this.#open.get(key)?.room !== room) return;
		this.#open.delete(key);
		if (this.#open.size > 0) return;
		for (const resolve of this.#empty.splice(0)) resolve();
	}

	/** Made and heard of before its state is asked for, so that no change falls between the two. */
	#make(key: string, space: SpaceId, document: DocumentId): OpenRoom {
		const room = new Room(
			(device, update) => this.#documents.log(space, document, device, update),
			() => this.#forget(key, room)
		);
		const loaded = this.#documents.load(space, document).then((state) => {
			if (state !== null) room.merge(state);
		});
		const open = { room, loaded, space, document };
		this.#open.set(key, open);
		return open;
	}
}

function keyOf(space: SpaceId, document: DocumentId): string {
	return `${space} ${document}`;
}
