import type { SpaceId } from '#schema/ids.ts';
import type { EntriesFrame, FollowFrame, Profile, WelcomeFrame } from '#schema/protocol/messages.ts';
import type { Cancel } from '../../platform/clock.ts';
import { receiveEntries } from '../log/receive-entries.ts';
import { receiveOpening } from '../log/receive-opening.ts';
import { Lane } from '../lane.ts';
import type { ReplicaCore } from '../replica-core.ts';
import { retryPauses } from '../retry-pauses.ts';
import type { Backfill } from './backfill.ts';
import { catchUp, type CaughtUp } from './catching-up.ts';
import type { Link } from './link.ts';
import type { Pusher } from './pusher.ts';
import type { ServerApi } from './server-api.ts';
import type { ServerFrame } from './server-frames.ts';

/** Milliseconds between two notes of when the replica was last level. */
const levelNotePause = 10_000;

export interface ReplicationParts {
	readonly core: ReplicaCore;
	readonly space: SpaceId;
	readonly link: Link;
	readonly api: ServerApi;
	readonly pusher: Pusher;
	readonly backfill: Backfill;
	readonly events: {
		/** The connection stands, and what else goes over it may start. */
		connected(): void;
		disconnected(): void;
		profileTold(profile: Profile): void;
		/** How many entries are still to come changed. */
		progressed(): void;
	};
}

/**
 * Keeps one space in step over one connection: opens it where it is new or its history is another one, takes what
 * changed where the log no longer reaches back, follows the log, hands over what is pending, and downloads the rest. Frames are taken one after another.
 */
export class Replication {
	readonly #parts: ReplicationParts;
	readonly #frames = new Lane();
	/** Counts connections; work begun on an earlier one goes no further. */
	#connection = 0;
	#remaining = 0;
	#isLevel = false;
	/** Whether pending changes go over the connection that stands now. */
	#isPushing = false;
	#notedLevelAt = Number.NEGATIVE_INFINITY;
	/** Set while nothing can be stored: frames are let go until the log is followed anew. */
	#retry: Cancel | undefined;

	constructor(parts: ReplicationParts) {
		this.#parts = parts;
	}

	/** Entries of the log known to be still to come. */
	get remaining(): number {
		return this.#remaining;
	}

	/** Whether everything the server had told of is applied, on the connection that stands now. */
	get isLevel(): boolean {
		return this.#isLevel;
	}

	welcomed({ version, now, profile }: WelcomeFrame): void {
		const { core, events } = this.#parts;
		this.#connection += 1;
		core.serverOffset = now - core.clock.now();
		if (version === 0) {
			this.#push();
			return;
		}
		events.profileTold(profile);
		events.connected();
		this.#inTurn(() => this.#begin());
	}

	lost(): void {
		const { pusher, backfill, events } = this.#parts;
		this.#connection += 1;
		this.#isLevel = false;
		this.#isPushing = false;
		this.#retry?.();
		this.#retry = undefined;
		pusher.disconnected();
		backfill.stop();
		events.disconnected();
	}

	/** Takes a frame of this space. */
	received(frame: Extract<ServerFrame, { kind: 'entries' | 'resync' | 'acked' | 'refused' }>): void {
		const { space, pusher } = this.#parts;
		if (frame.payload.space !== space) return;
		switch (frame.kind) {
			case 'entries': {
				const { payload } = frame;
				return this.#inTurn(() => this.#entries(payload));
			}
			case 'acked': {
				const { payload } = frame;
				return this.#inTurn(() => pusher.acked(payload));
			}
			case 'refused': {
				const { payload } = frame;
				return this.#inTurn(async () => {
					if (await pusher.refused(payload)) await this.#open();
				});
			}
			case 'resync': {
				const { reason } = frame.payload;
				return this.#inTurn(() => (reason === 'below-floor' ? this.#catchUp() : this.#open()));
			}
		}
	}

	#inTurn(run: () => Promise<void>): void {
		void this.#frames.inTurn(() => this.#parts.core.inBackground(run));
	}

	async #begin(): Promise<void> {
		if (this.#parts.core.memory.head === undefined) await this.#open();
		else this.#follow();
	}

	#follow(): void {
		const { core, space, link, backfill } = this.#parts;
		const { head } = core.memory;
		if (head === undefined) return;
		const frame: FollowFrame = { space, cursor: head.cursor };
		if (link.send('follow', frame)) backfill.start();
	}

	/**
	 * Hands over what is pending. That begins once the log was followed to its head, so that this device knows
	 * what became of what it edited; or at once where the log can't be followed.
	 */
	#push(): void {
		const { pusher } = this.#parts;
		if (this.#isPushing) pusher.kick();
		else pusher.connected();
		this.#isPushing = true;
	}

	/** Fetches the opening and starts from it; what is pending stays. */
	async #open(): Promise<void> {
		const { api, core, backfill } = this.#parts;
		const connection = this.#connection;
		backfill.stop();
		this.#isLevel = false;
		const opening = await api.opening();
		if (connection !== this.#connection) return;
		if (opening.kind === 'failed') {
			this.#retryLater(() => this.#open());
			return;
		}
		const isStored = await core.inBackground(() => receiveOpening(core, opening.value));
		if (connection !== this.#connection) return;
		if (isStored) {
			this.#follow();
			return;
		}
		// Changes of another history would be refused, and the space opened again, without a pause.
		const isSame = core.memory.head?.cursor.generation === opening.value.cursor.generation;
		if (isSame) this.#notStored(() => this.#open());
		else this.#retryLater(() => this.#open());
	}

	/** Takes what changed since the cursor, which the log reaches back to no more, and follows from there. */
	async #catchUp(): Promise<void> {
		const { core, api, backfill } = this.#parts;
		const connection = this.#connection;
		backfill.stop();
		this.#isLevel = false;
		let end: CaughtUp = 'later';
		const isStored = await core.inBackground(async () => {
			end = await catchUp(core, api, () => connection === this.#connection);
		});
		if (connection !== this.#connection) return;
		const ended = end as CaughtUp;
		if (!isStored) this.#notStored(() => this.#catchUp());
		else if (ended === 'level') this.#follow();
		else if (ended === 'anew') await this.#open();
		else this.#retryLater(() => this.#catchUp());
	}

	/** The log can't be followed for now, as on a full disk; what is pending goes all the same. */
	#notStored(run: () => Promise<void>): void {
		this.#push();
		this.#retryLater(run);
	}

	#retryLater(run: () => Promise<void>): void {
		this.#retry?.();
		this.#retry = this.#parts.core.clock.after(retryPauses.exchange, () => {
			this.#retry = undefined;
			this.#inTurn(run);
		});
	}

	async #entries(frame: EntriesFrame): Promise<void> {
		const { core, events } = this.#parts;
		if (this.#retry !== undefined) return;
		let verdict: Awaited<ReturnType<typeof receiveEntries>> | undefined;
		const isStored = await core.inBackground(async () => {
			verdict = await receiveEntries(core, frame);
		});
		if (!isStored) {
			this.#notStored(() => {
				this.#follow();
				return Promise.resolve();
			});
			return;
		}
		if (verdict === 'gap') {
			this.#follow();
			return;
		}
		this.#remaining = Math.max(0, frame.head - frame.seq);
		this.#isLevel = this.#remaining === 0;
		if (this.#isLevel) {
			this.#push();
			await this.#noteLevel();
		}
		events.progressed();
	}

	async #noteLevel(): Promise<void> {
		const { core } = this.#parts;
		const now = core.clock.now();
		core.memory.lastSync = now;
		if (now - this.#notedLevelAt < levelNotePause) return;
		this.#notedLevelAt = now;
		await core.storage.write(['meta'], 'relaxed', async (transaction) => {
			transaction.put('meta', 'lastSync', now);
		});
	}
}
