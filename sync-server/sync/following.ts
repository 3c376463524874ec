import type { SpaceId } from '#schema/ids.ts';
import { encodeFrame } from '#schema/protocol/frames.ts';
import type { EntriesFrame, ResyncFrame } from '#schema/protocol/messages.ts';
import type { Cursor, Entry } from '#schema/space/entry.ts';
import type { SpaceAccess } from './space-access.ts';

/** How much of a log goes into one frame, bytes as they are stored. */
export const entriesFrameBytes = 256 << 10;
/** How many entries of a commit are passed on as they are heard; a longer stretch is read from the log. */
const mostHeardEntries = 64;
/** Above this nothing more is sent until the socket has drained, bytes. */
const fullBuffer = 1 << 20;

/** What a following needs around it. */
export interface FollowingPort {
	readonly spaces: Pick<SpaceAccess, 'entries'>;
	send(frame: Uint8Array): void;
	readonly buffered: number;
	drained(): Promise<void>;
	/** The space can't be read; the connection ends. */
	failed(error: unknown): void;
}

/**
 * One device's following of one space: everything after its cursor, then everything new, ascending, without
 * gap or repeat. What is heard is sent on only where it begins right after what was sent last and the socket
 * keeps up; anything else is read from the log, so nothing depends on who hears what when.
 */
export class Following {
	readonly #space: SpaceId;
	readonly #generation: string;
	readonly #port: FollowingPort;
	#sent: number;
	#heard = 0;
	#isReading = false;
	#isStopped = false;

	constructor(space: SpaceId, cursor: Cursor, port: FollowingPort) {
		this.#space = space;
		this.#generation = cursor.generation;
		this.#sent = cursor.seq;
		this.#port = port;
	}

	/** Begins. At least one frame follows, an empty one where nothing is new: the device is in step then. */
	start(): void {
		void this.#read();
	}

	/** Sends nothing any more. */
	stop(): void {
		this.#isStopped = true;
	}

	/** Takes note of entries that were committed just now. */
	heard(generation: string, entries: readonly Entry[]): void {
		const first = entries[0]?.seq;
		const last = entries.at(-1)?.seq;
		if (this.#isStopped || first === undefined || last === undefined) return;
		if (generation !== this.#generation) {
			this.#resync('generation');
			return;
		}
		this.#heard = Math.max(this.#heard, last);
		if (this.#isReading || last <= this.#sent) return;
		const frame = first === this.#sent + 1 ? this.#frameOfHeard(entries, last) : null;
		if (frame === null) void this.#read();
		else this.#send(frame, last);
	}

	/** A frame of what was heard; null where it is too long, or the socket does not keep up. */
	#frameOfHeard(entries: readonly Entry[], seq: number): Uint8Array | null {
		if (entries.length > mostHeardEntries || this.#port.buffered >= fullBuffer) return null;
		const frame = this.#frameOf(entries, seq, seq);
		return frame.byteLength > entriesFrameBytes && entries.length > 1 ? null : frame;
	}

	async #read(): Promise<void> {
		this.#isReading = true;
		try {
			do await this.#readOnce();
			while (!this.#isStopped && this.#sent < this.#heard);
		} catch (error) {
			this.#isStopped = true;
			this.#port.failed(error);
		}
		this.#isReading = false;
	}

	async #readOnce(): Promise<void> {
		if (this.#port.buffered >= fullBuffer) await this.#port.drained();
		if (this.#isStopped) return;
		const cursor = { generation: this.#generation, seq: this.#sent };
		const stretch = await this.#port.spaces.entries(this.#space, cursor, entriesFrameBytes);
		// It may have been stopped while it was awaited.
		if (this.#isStopped as boolean) return;
		if (stretch.kind === 'resync') {
			this.#resync(stretch.reason);
			return;
		}
		this.#heard = Math.max(this.#heard, stretch.head);
		this.#send(this.#frameOf(stretch.entries, stretch.seq, this.#heard), stretch.seq);
	}

	#frameOf(entries: readonly Entry[], seq: number, head: number): Uint8Array {
		const frame: EntriesFrame = { space: this.#space, generation: this.#generation, entries, seq, head };
		return encodeFrame('entries', frame);
	}

	#send(frame: Uint8Array, seq: number): void {
		this.#sent = seq;
		this.#port.send(frame);
	}

	#resync(reason: ResyncFrame['reason']): void {
		this.#isStopped = true;
		const frame: ResyncFrame = { space: this.#space, reason };
		this.#port.send(encodeFrame('resync', frame));
	}
}
