import { rangesOf } from '#schema/docs/ranges.ts';
import { newId, type SubmissionId } from '#schema/ids.ts';
import type { CommandBody } from '#schema/protocol/messages.ts';
import type { Outbox, OutboxItem } from '../outbox.ts';
import type { ReplicaCore } from '../replica-core.ts';
import type { Writing } from '../storage/storage.ts';
import type { OutboxRow } from '../storage/stores.ts';
import { outboxItems } from './outbox-items.ts';
import type { OutboxMemory } from './outbox-memory.ts';

/** Numbers one purge may carry in its set, within the bounds of the wire. */
const numbersPerPurge = 100_000;

/** A command as it is put into the outbox. */
export function newOutboxRow(core: ReplicaCore, memory: OutboxMemory, body: CommandBody): OutboxRow {
	const now = core.clock.now();
	const last = memory.rows.at(-1)?.order ?? 0;
	return {
		id: newId(core.random),
		order: Math.max(now, last + 1),
		at: now,
		body,
		state: { kind: 'waiting' }
	};
}

function isAbout(name: 'cancel-submission' | 'release-submission', submission: SubmissionId) {
	return ({ body }: OutboxRow) => body.name === name && body.submission === submission;
}

/** Says that the outbox changed, here and in the other tabs; resolves when memory shows it. */
export async function tellOutbox(core: ReplicaCore, memory: OutboxMemory): Promise<void> {
	core.tellTabs({ kind: 'outbox' });
	await memory.load();
}

/** The outbox as the screen uses it. */
export class CommandOutbox implements Outbox {
	readonly #core: ReplicaCore;
	readonly #memory: OutboxMemory;

	constructor(core: ReplicaCore, memory: OutboxMemory) {
		this.#core = core;
		this.#memory = memory;
	}

	subscribe(listener: () => void): () => void {
		return this.#memory.changes.add(listener);
	}

	items(): readonly OutboxItem[] {
		return outboxItems(this.#memory, this.#core.clock.now());
	}

	async cancel(submission: SubmissionId): Promise<'cancelled' | 'asked' | 'too-late'> {
		if (this.#memory.submissions.get(submission)?.state === 'queued') return 'too-late';
		const row = newOutboxRow(this.#core, this.#memory, { name: 'cancel-submission', submission });
		const outcome = await this.#core.commit(['outbox'], async (transaction) => {
			const rows = await transaction.getAll('outbox');
			const submit = rows.find(
				({ body, state }) =>
					body.name === 'submit' && body.submission === submission && state.kind !== 'refused'
			);
			if (submit?.state.kind === 'waiting') {
				transaction.delete('outbox', submit.id);
				return 'cancelled' as const;
			}
			const early = rows.find(isAbout('release-submission', submission));
			// It was not sent away yet, so the later wish stands.
			if (early?.state.kind === 'waiting') transaction.delete('outbox', early.id);
			if (!rows.some(isAbout('cancel-submission', submission))) transaction.put('outbox', row.id, row);
			return 'asked' as const;
		});
		await tellOutbox(this.#core, this.#memory);
		return outcome;
	}

	async sendNow(submission: SubmissionId): Promise<void> {
		if (this.#memory.submissions.get(submission)?.state !== 'held') return;
		const row = newOutboxRow(this.#core, this.#memory, { name: 'release-submission', submission });
		await this.#core.commit(['outbox'], async (transaction) => {
			const rows = await transaction.getAll('outbox');
			const isDecided =
				rows.some(isAbout('release-submission', submission)) ||
				rows.some(isAbout('cancel-submission', submission));
			if (!isDecided) transaction.put('outbox', row.id, row);
		});
		await tellOutbox(this.#core, this.#memory);
	}

	sendAgain(submission: SubmissionId): Promise<void> {
		return this.#put([{ name: 'send-again', submission }]);
	}

	async purge(arrivals: Iterable<number>): Promise<void> {
		await this.#core.loaded;
		const { head } = this.#core.memory;
		if (head === undefined) return;
		const seen = { ...head.cursor };
		const set = rangesOf(arrivals);
		const bodies: CommandBody[] = [];
		for (let index = 0; index < set.length; index += numbersPerPurge) {
			bodies.push({ name: 'purge', arrivals: set.slice(index, index + numbersPerPurge), seen });
		}
		await this.#put(bodies);
	}

	async dismiss(id: string): Promise<void> {
		await this.#core.commit(['outbox'], async (transaction) => {
			const row = await transaction.get('outbox', id);
			if (row?.state.kind === 'refused') transaction.delete('outbox', row.id);
		});
		await tellOutbox(this.#core, this.#memory);
	}

	async #put(bodies: readonly CommandBody[]): Promise<void> {
		await this.#core.commit(['outbox'], async (transaction: Writing<'outbox'>) => {
			bodies.forEach((body, index) => {
				const row = newOutboxRow(this.#core, this.#memory, body);
				transaction.put('outbox', row.id, { ...row, order: row.order + index });
			});
		});
		await tellOutbox(this.#core, this.#memory);
	}
}
