import type { CommandId, SpaceId } from '#schema/ids.ts';
import { isPassing } from '#schema/protocol/codes.ts';
import type { AnswerFrame, CommandFrame, CommandResult } from '#schema/protocol/messages.ts';
import type { Cancel } from '../../platform/clock.ts';
import type { ReplicaCore } from '../replica-core.ts';
import { retryPauses } from '../retry-pauses.ts';
import type { OutboxRow } from '../storage/stores.ts';
import { tellOutbox } from './command-outbox.ts';
import { waitingAttachments } from './outbox-items.ts';
import type { OutboxMemory } from './outbox-memory.ts';

/** For how long after its release an opening still tells of a letter, milliseconds. */
const toldFor = 30 * 24 * 3600 * 1000;

/** What a row is after its answer; null: it is done with. */
function afterAnswer(row: OutboxRow, result: CommandResult): OutboxRow | null {
	if (result.kind === 'submitted')
		return { ...row, state: { kind: 'submitted', releaseAt: result.releaseAt } };
	const { name } = row.body;
	// A letter that can't be called back, or sent before its time, any more says so itself, by what became of it.
	if (result.kind === 'done' || name === 'cancel-submission' || name === 'release-submission') return null;
	return { ...row, state: { kind: 'refused', code: result.code, detail: result.detail } };
}

/**
 * Hands commands to the server, one after another, in the order of the outbox. A row is marked as sent before
 * it goes, and sent again under its id until it is answered.
 */
export class Sender {
	readonly #core: ReplicaCore;
	readonly #memory: OutboxMemory;
	readonly #space: SpaceId;
	readonly #send: (frame: CommandFrame) => boolean;
	#isConnected = false;
	#awaited: CommandId | undefined;
	#isBusy = false;
	#isWanted = false;
	#retry: Cancel | undefined;

	constructor(
		core: ReplicaCore,
		memory: OutboxMemory,
		space: SpaceId,
		send: (frame: CommandFrame) => boolean
	) {
		this.#core = core;
		this.#memory = memory;
		this.#space = space;
		this.#send = send;
	}

	connected(): void {
		this.#isConnected = true;
		this.#awaited = undefined;
		this.kick();
	}

	disconnected(): void {
		this.#isConnected = false;
		this.#awaited = undefined;
		this.#retry?.();
		this.#retry = undefined;
	}

	/** Sends the next command that is ready, unless one is under way. */
	kick(): void {
		if (!this.#isConnected || this.#retry !== undefined) return;
		if (this.#isBusy || this.#awaited !== undefined) {
			this.#isWanted = true;
			return;
		}
		this.#isBusy = true;
		this.#isWanted = false;
		void this.#core
			.inBackground(() => this.#sendNext())
			.finally(() => {
				this.#isBusy = false;
				if (this.#isWanted) this.kick();
			});
	}

	/** Takes an answer; one to a command that is not listed any more does nothing. */
	async answered({ id, result }: AnswerFrame): Promise<void> {
		this.#core.serverFullness.tell(result.kind === 'refused' && result.code === 'storage-full');
		if (result.kind === 'refused' && isPassing(result.code)) {
			this.#retry = this.#core.clock.after(retryPauses.exchange, () => {
				this.#retry = undefined;
				this.#awaited = undefined;
				this.kick();
			});
			return;
		}
		await this.#core.storage.write(['outbox'], 'strict', async (transaction) => {
			const row = await transaction.get('outbox', id);
			if (row === undefined) return;
			const after = afterAnswer(row, result);
			if (after === null) transaction.delete('outbox', id);
			else transaction.put('outbox', id, after);
		});
		if (this.#awaited === id) this.#awaited = undefined;
		await tellOutbox(this.#core, this.#memory);
		this.kick();
	}

	/**
	 * Lets go of letters the server took, once the log tells of them itself, or the replica was level so long after their
	 * release that it never will.
	 */
	async forgetTold(): Promise<void> {
		const { memory, serverOffset } = this.#core;
		// In server time, which is known on a connection alone.
		const lastLevel = this.#isConnected ? (memory.lastSync ?? 0) + serverOffset : 0;
		const told = this.#memory.rows.filter(({ body, state }) => {
			if (body.name !== 'submit' || state.kind !== 'submitted') return false;
			return this.#memory.submissions.has(body.submission) || lastLevel > state.releaseAt + toldFor;
		});
		if (told.length === 0) return;
		await this.#core.storage.write(['outbox'], 'relaxed', async (transaction) => {
			for (const { id } of told) transaction.delete('outbox', id);
		});
		await tellOutbox(this.#core, this.#memory);
	}

	#isReady({ body, state }: OutboxRow): boolean {
		if (state.kind === 'sent') return true;
		if (state.kind !== 'waiting') return false;
		return body.name !== 'submit' || waitingAttachments(this.#memory, body).length === 0;
	}

	async #sendNext(): Promise<void> {
		const next = this.#memory.rows.find((row) => this.#isReady(row));
		if (next === undefined) return;
		const row = await this.#core.storage.write(['outbox'], 'strict', async (transaction) => {
			// It may have been called back meanwhile, in any tab.
			const stored = await transaction.get('outbox', next.id);
			if (stored === undefined || !this.#isReady(stored)) return undefined;
			transaction.put('outbox', next.id, { ...stored, state: { kind: 'sent' } });
			return stored;
		});
		await tellOutbox(this.#core, this.#memory);
		if (row === undefined) {
			this.#isWanted = true;
			return;
		}
		this.#awaited = row.id;
		if (!this.#send({ id: row.id, space: this.#space, body: row.body })) this.#awaited = undefined;
	}
}
