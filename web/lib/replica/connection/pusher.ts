import { newId, type BatchId, type SpaceId } from '#schema/ids.ts';
import { keysBeyondReach } from '#schema/protocol/batch-reach.ts';
import { isPassing } from '#schema/protocol/codes.ts';
import type { AckedFrame, PushFrame, RefusedFrame } from '#schema/protocol/messages.ts';
import type { Cancel } from '../../platform/clock.ts';
import { nextBatch, StampMover } from '../changes/batch.ts';
import { releaseBatch, settleAcked, settleRefused } from '../changes/settle.ts';
import type { ReplicaCore } from '../replica-core.ts';
import { retryPauses } from '../retry-pauses.ts';
import { readMeta } from '../storage/meta.ts';
import type { InflightRow } from '../storage/stores.ts';

/**
 * Hands pending changes to the server: one batch at a time, kept with its id until it is answered, so that a
 * lost answer makes no second change.
 */
export class Pusher {
	readonly #core: ReplicaCore;
	readonly #space: SpaceId;
	readonly #send: (frame: PushFrame) => boolean;
	/** The batch that waits for its answer on this connection. */
	#sent: BatchId | undefined;
	#isConnected = false;
	#isBusy = false;
	#isWanted = false;
	#retry: Cancel | undefined;

	constructor(core: ReplicaCore, space: SpaceId, send: (frame: PushFrame) => boolean) {
		this.#core = core;
		this.#space = space;
		this.#send = send;
	}

	/**
	 * Sends what there is, unless a batch is under way. Nothing is made into a batch without a connection, since
	 * only then the device knows how far its clock is off.
	 */
	kick(): void {
		if (!this.#isConnected) return;
		if (this.#isBusy || this.#sent !== undefined || this.#retry !== undefined) {
			this.#isWanted = true;
			return;
		}
		this.#isBusy = true;
		this.#isWanted = false;
		void this.#core
			.inBackground(() => this.#push())
			.finally(() => {
				this.#isBusy = false;
				if (this.#isWanted) this.kick();
			});
	}

	/** A connection stands and the server's time is known: what was not answered before is sent again. */
	connected(): void {
		this.disconnected();
		this.#isConnected = true;
		this.kick();
	}

	disconnected(): void {
		this.#isConnected = false;
		this.#sent = undefined;
		this.#retry?.();
		this.#retry = undefined;
	}

	async acked(frame: AckedFrame): Promise<void> {
		this.#core.serverFullness.tell(false);
		await settleAcked(this.#core, frame);
		this.#answered(frame.batch);
	}

	/** True where the space has another history than this replica believed: it must be opened anew. */
	async refused(frame: RefusedFrame): Promise<boolean> {
		if (frame.code === 'stale-generation') {
			await releaseBatch(this.#core);
			this.#sent = undefined;
			return true;
		}
		this.#core.serverFullness.tell(frame.code === 'storage-full');
		if (isPassing(frame.code)) {
			this.#sent = undefined;
			this.#retry = this.#core.clock.after(retryPauses.exchange, () => {
				this.#retry = undefined;
				this.kick();
			});
			return false;
		}
		if (frame.code === 'too-large' && (await this.#isBeyondReach(frame.batch))) {
			await releaseBatch(this.#core);
		} else await settleRefused(this.#core, frame);
		this.#answered(frame.batch);
		return false;
	}

	/** Whether the batch in flight holds more than is sent together now: it was made by an earlier version. */
	async #isBeyondReach(batch: BatchId): Promise<boolean> {
		const inflight = await this.#stored();
		return inflight?.batch === batch && keysBeyondReach(inflight.changes).length > 0;
	}

	#answered(batch: BatchId): void {
		if (this.#sent === batch) this.#sent = undefined;
		this.kick();
	}

	async #push(): Promise<void> {
		const inflight = (await this.#stored()) ?? (await this.#prepare());
		if (inflight === undefined) return;
		const { batch, generation, changes } = inflight;
		this.#sent = batch;
		const isSent = this.#send({ batch, space: this.#space, generation, changes: [...changes] });
		if (!isSent) this.#sent = undefined;
	}

	#stored(): Promise<InflightRow | undefined> {
		return this.#core.storage.read(['meta'], (transaction) => readMeta(transaction, 'inflight'));
	}

	/** Makes the next batch and stores it, unless another tab stored one meanwhile. */
	async #prepare(): Promise<InflightRow | undefined> {
		const { memory } = this.#core;
		const { head } = memory;
		const pending = [...memory.pending.values()];
		if (pending.length === 0 || head === undefined) return undefined;
		const row: InflightRow = {
			batch: newId(this.#core.random),
			generation: head.cursor.generation,
			...nextBatch(pending, new StampMover(this.#core.serverTime(), head.own))
		};
		return this.#core.storage.write(['meta'], 'relaxed', async (transaction) => {
			const other = await readMeta(transaction, 'inflight');
			if (other !== undefined) return other;
			transaction.put('meta', 'inflight', row);
			return row;
		});
	}
}
