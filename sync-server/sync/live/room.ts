import * as Y from 'yjs';
import type { DeviceId } from '#schema/ids.ts';
import { AwarenessRelay } from './awareness.ts';
import {
	awarenessMessage,
	deniedMessage,
	readLiveMessage,
	step1Message,
	step2Message,
	updateMessage
} from './live-message.ts';

/** Largest change on a live channel, bytes; the same as of a pushed one. */
const maxUpdateBytes = 4 << 20;
/** How much may be kept that waits for changes it builds on, bytes. */
const maxPendingBytes = 1 << 20;

/** One open channel of one device. */
export interface RoomMember {
	readonly device: DeviceId;
	readonly access: 'write' | 'read';
	send(message: Uint8Array): void;
	/** A change of theirs was taken. */
	wrote(): void;
	/** The room is gone; what is not saved is still on the device. */
	ended(): void;
}

/** Logs changes that were made in the room; answers whether they are committed. */
export type LogChanges = (device: DeviceId, update: Uint8Array) => Promise<boolean>;

/** What became of a message of a member. */
export type Reception = 'taken' | 'malformed';

/**
 * A text document that is being edited by several at once. Changes go to the others at once and into the
 * space's log as soon as the log takes them: one write at a time, what comes meanwhile merged into the next.
 * The stored state and the log's own changes may come in any order; Yjs puts them in theirs.
 */
export class Room {
	readonly #document = new Y.Doc();
	readonly #awareness = new AwarenessRelay<RoomMember>();
	readonly #members = new Set<RoomMember>();
	readonly #log: LogChanges;
	readonly #onIdle: () => void;
	readonly #unlogged: { readonly device: DeviceId; readonly update: Uint8Array }[] = [];
	#isLogging = false;
	#isEnded = false;

	/** @param onIdle called when nobody is in the room and everything is logged, and when the room has ended */
	constructor(log: LogChanges, onIdle: () => void) {
		this.#log = log;
		this.#onIdle = onIdle;
		this.#document.on('update', (update: Uint8Array, origin: unknown) => this.#changed(update, origin));
	}

	get members(): number {
		return this.#members.size;
	}

	/** Lays in the stored state, or a change that came by the log. What can't be read ends the room. */
	merge(update: Uint8Array): void {
		if (this.#isEnded) return;
		try {
			Y.applyUpdate(this.#document, update, 'log');
		} catch {
			// A change that is stored but is none: the room would differ from what is stored.
			this.end();
		}
	}

	/** Lets a member in and begins the exchange of what each lacks. */
	join(member: RoomMember): void {
		this.#members.add(member);
		// A reader is never asked for its changes: they would be refused.
		if (member.access === 'write') member.send(step1Message(Y.encodeStateVector(this.#document)));
		const everybody = this.#awareness.everybody();
		if (everybody !== null) member.send(awarenessMessage(everybody));
	}

	leave(member: RoomMember): void {
		if (!this.#members.delete(member)) return;
		const gone = this.#awareness.leave(member);
		if (gone !== null) this.#tell(awarenessMessage(gone), member);
		this.closeIfIdle();
	}

	/** Takes a message that came on a member's channel. */
	receive(member: RoomMember, bytes: Uint8Array): Reception {
		const message = readLiveMessage(bytes);
		if (message === null) return 'malformed';
		switch (message.kind) {
			case 'step1':
				return this.#answerStep1(member, message.stateVector);
			case 'update':
				return this.#takeUpdate(member, message.update);
			case 'awareness':
				return this.#takeAwareness(member, message.update);
			case 'query-awareness': {
				const everybody = this.#awareness.everybody();
				if (everybody !== null) member.send(awarenessMessage(everybody));
				return 'taken';
			}
		}
	}

	/** Closes the room where nobody is in it and everything is logged. */
	closeIfIdle(): void {
		if (this.#isEnded || this.#isLogging || this.#members.size > 0 || this.#unlogged.length > 0) return;
		this.#isEnded = true;
		this.#document.destroy();
		this.#onIdle();
	}

	/** Ends the room for everybody in it: its document can't be saved, or its space has another history. */
	end(): void {
		if (this.#isEnded) return;
		this.#isEnded = true;
		this.#unlogged.length = 0;
		for (const member of this.#members) member.ended();
		this.#members.clear();
		this.#document.destroy();
		this.#onIdle();
	}

	#answerStep1(member: RoomMember, stateVector: Uint8Array): Reception {
		try {
			member.send(step2Message(Y.encodeStateAsUpdate(this.#document, stateVector)));
			return 'taken';
		} catch {
			// Not a state vector; the caller closes the connection.
			return 'malformed';
		}
	}

	#takeUpdate(member: RoomMember, update: Uint8Array): Reception {
		if (isEmptyUpdate(update)) return 'taken';
		if (member.access === 'read') {
			member.send(deniedMessage('not-permitted'));
			return 'taken';
		}
		if (update.byteLength > maxUpdateBytes) return 'malformed';
		try {
			Y.applyUpdate(this.#document, update, member);
		} catch {
			// Not an update; what of it could be read is merged and logged, the caller closes the connection.
			return 'malformed';
		}
		const pending = this.#document.store.pendingStructs?.update.byteLength ?? 0;
		return pending > maxPendingBytes ? 'malformed' : 'taken';
	}

	#takeAwareness(member: RoomMember, update: Uint8Array): Reception {
		const news = this.#awareness.receive(member, update);
		if (news === null) return 'malformed';
		if (news !== 'nothing-new') this.#tell(awarenessMessage(news), member);
		return 'taken';
	}

	#changed(update: Uint8Array, origin: unknown): void {
		const author = [...this.#members].find((member) => member === origin);
		this.#tell(updateMessage(update), author);
		if (author === undefined) return;
		author.wrote();
		this.#unlogged.push({ device: author.device, update });
		void this.#logAll();
	}

	#tell(message: Uint8Array, except: RoomMember | undefined): void {
		for (const member of this.#members) if (member !== except) member.send(message);
	}

	async #logAll(): Promise<void> {
		if (this.#isLogging) return;
		this.#isLogging = true;
		let next = this.#takeUnlogged();
		while (next !== null) {
			if (!(await this.#log(next.device, next.update))) this.end();
			next = this.#takeUnlogged();
		}
		this.#isLogging = false;
		this.closeIfIdle();
	}

	/** The changes that wait longest, as far as they are of one device, merged: none overtakes another's. */
	#takeUnlogged(): { readonly device: DeviceId; readonly update: Uint8Array } | null {
		const device = this.#unlogged[0]?.device;
		if (device === undefined) return null;
		const end = this.#unlogged.findIndex((waiting) => waiting.device !== device);
		const run = this.#unlogged.splice(0, end === -1 ? this.#unlogged.length : end);
		return { device, update: Y.mergeUpdates(run.map(({ update }) => update)) };
	}
}

/** An update without changes (version 1): no structs, no deletions. A reader's answer to step 1 is one. */
function isEmptyUpdate(update: Uint8Array): boolean {
	return update.byteLength === 2 && update[0] === 0 && update[1] === 0;
}
