import { unionOfRanges, type Ranges } from '#schema/docs/ranges.ts';
import type { DeviceId, RandomBytes } from '#schema/ids.ts';
import type { Clock } from '../platform/clock.ts';
import type { ServerTime } from './changes/batch.ts';
import { Lane } from './lane.ts';
import { confirm, type Altered, type Confirmation } from './log/confirm.ts';
import { Listeners, type ReplicaNotice } from './notices.ts';
import { columnBlock, type ColumnBlock } from './state/column-block.ts';
import { MailboxDictionary } from './state/mailbox-dictionary.ts';
import type { ReplicaMemory } from './state/replica-memory.ts';
import { asBroken, isFull, StorageError } from './storage/failure.ts';
import { readMeta } from './storage/meta.ts';
import { soundStorage } from './storage/sound.ts';
import type { ReplicaStorage, Writing } from './storage/storage.ts';
import type { StoreName } from './storage/stores.ts';
import type { TabNotice } from './tabs.ts';

/**
 * A tab's replica: its storage, its memory, and the order in which both change. Every part of the client
 * core works through it; it knows nothing of connections.
 */
export class ReplicaCore {
	readonly storage: ReplicaStorage;
	readonly memory: ReplicaMemory;
	readonly clock: Clock;
	readonly random: RandomBytes;
	readonly notices = new Listeners<ReplicaNotice>();
	/** Told when the device's disk is full, and when a later write succeeded again. */
	readonly fullness = new Listeners<boolean>();
	/** Told when the server had no room for what it was handed, and when it took something again. */
	readonly serverFullness = new Listeners<boolean>();
	/** Told when storage can't be read or written any more, for another reason than its size. */
	readonly faults = new Listeners<StorageError>();
	/** How far the server's clock is ahead of this device's, as last measured; milliseconds. */
	serverOffset = 0;
	readonly #tell: (notice: TabNotice) => void;
	readonly #lane = new Lane();
	#isFull = false;
	#isLoaded = false;
	readonly #loaded = Promise.withResolvers<undefined>();

	constructor(
		parts: Pick<ReplicaCore, 'storage' | 'memory' | 'clock' | 'random'>,
		tell: (notice: TabNotice) => void
	) {
		this.storage = soundStorage(parts.storage, (error) => {
			this.faults.tell(error);
		});
		this.memory = parts.memory;
		this.clock = parts.clock;
		this.random = parts.random;
		this.#tell = tell;
	}

	/** Whether the device's disk was full at the last attempt to keep something. */
	get isFull(): boolean {
		return this.#isFull;
	}

	/** Whether what the device holds is in memory. */
	get isLoaded(): boolean {
		return this.#isLoaded;
	}

	/** Resolves when what the device holds is in memory; whatever builds on memory waits for it. */
	get loaded(): Promise<unknown> {
		return this.#loaded.promise;
	}

	/** This device's id in the space. */
	device(): DeviceId {
		if (this.memory.device === undefined) throw new StorageError('broken', 'no device');
		return this.memory.device;
	}

	/** The server's time, as far as it is known. */
	serverTime(): ServerTime {
		return { offset: this.serverOffset, now: this.clock.now() + this.serverOffset };
	}

	/** Tells the other tabs. */
	tellTabs(notice: TabNotice): void {
		this.#tell(notice);
	}

	/**
	 * Alters confirmed state, one alteration after another. Reads everything again first where another tab was
	 * faster. False: there was nothing to do, or no head yet.
	 */
	confirm(confirmation: Confirmation): Promise<boolean> {
		return this.inTurn(async () => {
			for (;;) {
				const done = await this.#noticingFullness(() => confirm(this.storage, this.memory, confirmation));
				if (done === null) return false;
				if (done === 'stale') {
					await this.#reload();
					if (this.memory.head === undefined) return false;
					continue;
				}
				this.#tell({ kind: 'confirmed', altered: done.altered });
				this.#tellAltered(done.altered, done.arrivals, done.changedSubjects);
				return true;
			}
		});
	}

	/**
	 * A strict transaction for a person's work. Where the disk is full it first gives up what can be fetched
	 * again, and rejects with StorageError `full` where that does not help.
	 */
	async commit<Names extends StoreName, Answer>(
		stores: readonly Names[],
		run: (transaction: Writing<Names>) => Promise<Answer>
	): Promise<Answer> {
		return this.#noticingFullness(async () => {
			try {
				return await this.storage.write(stores, 'strict', run);
			} catch (error) {
				if (!isFull(error)) throw error;
				await this.#makeRoom();
				return this.storage.write(stores, 'strict', run);
			}
		});
	}

	/** Reads everything, for the first time or again, from storage. */
	reload(): Promise<void> {
		return this.inTurn(() => this.#reload());
	}

	/** Reads everything again where another tab changed something that this one has not heard of. */
	refresh(): Promise<void> {
		return this.inTurn(async () => {
			if (!this.#isLoaded || !(await this.memory.isCurrent(this.storage))) await this.#reload();
		});
	}

	/** Reads again what another tab altered. */
	readAltered(altered: Altered): Promise<void> {
		return this.inTurn(async () => {
			const isNext = altered.revision === (this.memory.head?.revision ?? Number.NaN) + 1;
			if (!isNext || !(await this.#readBlocks(altered))) await this.#reload();
		});
	}

	/** Takes in pending changes that another tab wrote, and lets go of those it replaced. */
	readPending(added: readonly number[], dropped: readonly number[]): Promise<void> {
		return this.inTurn(async () => {
			const found = await this.storage.read(['pending', 'meta'], async (transaction) => ({
				changes: await Promise.all(added.map((key) => transaction.get('pending', key))),
				mailboxes: await readMeta(transaction, 'mailboxes')
			}));
			const changes = found.changes.filter((change) => change !== undefined);
			this.memory.columns.dictionary = new MailboxDictionary(found.mailboxes);
			const taken = this.memory.addPending(changes);
			const left = this.memory.dropPending(dropped);
			this.tellDifference(unionOfRanges(taken.arrivals, left.arrivals), [
				...taken.subjects,
				...left.subjects
			]);
			const documents = changes.flatMap((change) => (change.kind === 'text' ? [change.document] : []));
			if (documents.length > 0) this.notices.tell({ kind: 'documents', documents });
			this.notices.tell({ kind: 'pending' });
		});
	}

	/**
	 * Runs work nobody waits for. A full or closed storage ends it quietly, since both show elsewhere; a
	 * broken one is told. True where it came to its end.
	 */
	async inBackground(run: () => Promise<void>): Promise<boolean> {
		try {
			await run();
			return true;
		} catch (error) {
			if (!(error instanceof StorageError)) throw error;
			if (error.kind === 'broken') this.faults.tell(error);
			return false;
		}
	}

	/** The storage was taken away from under us. */
	noteLost(): void {
		this.faults.tell(new StorageError('broken', 'the database was closed by the browser'));
	}

	/** Runs after everything that was asked for before has ended. */
	inTurn<Answer>(run: () => Promise<Answer>): Promise<Answer> {
		return this.#lane.inTurn(run);
	}

	tellDifference(arrivals: Ranges, subjects: readonly string[]): void {
		if (arrivals.length > 0) this.notices.tell({ kind: 'messages', arrivals });
		if (subjects.length > 0) this.notices.tell({ kind: 'subjects', subjects });
	}

	async #readBlocks(altered: Altered): Promise<boolean> {
		const stored = await this.storage.read(['columns', 'subjects', 'meta'], async (transaction) => ({
			blocks: await Promise.all(altered.blocks.map((block) => transaction.get('columns', block))),
			subjects: await Promise.all(altered.subjects.map((subject) => transaction.get('subjects', subject))),
			mailboxes: await readMeta(transaction, 'mailboxes'),
			head: await readMeta(transaction, 'head'),
			backfill: await readMeta(transaction, 'backfill'),
			joins: await readMeta(transaction, 'joins')
		}));
		if (stored.head === undefined) return false;
		const blocks = new Map<number, ColumnBlock>();
		for (const record of stored.blocks) {
			if (record !== undefined) blocks.set(record.block, columnBlock(record.buffer));
		}
		const { memory } = this;
		memory.columns.dictionary = new MailboxDictionary(stored.mailboxes);
		// What was read may be newer already; the notices of that are still to come.
		memory.head = { ...stored.head, revision: altered.revision };
		memory.backfill = stored.backfill;
		memory.joins = stored.joins ?? [];
		memory.subjects.confirm(stored.subjects.filter((record) => record !== undefined));
		const confirmed = memory.columns.confirm(blocks);
		const dropped = memory.dropPending(altered.settled);
		this.#tellAltered(altered, unionOfRanges(confirmed, dropped.arrivals), [
			...altered.subjects,
			...dropped.subjects
		]);
		return true;
	}

	#tellAltered(altered: Altered, arrivals: Ranges, subjects: readonly string[]): void {
		this.tellDifference(arrivals, subjects);
		if (altered.documents.length > 0) this.notices.tell({ kind: 'documents', documents: altered.documents });
		if (altered.hasFacts) this.notices.tell({ kind: 'facts' });
		if (altered.settled.length > 0) this.notices.tell({ kind: 'pending' });
		this.notices.tell({ kind: 'backfill' });
	}

	async #reload(): Promise<void> {
		try {
			await this.memory.load(this.storage);
		} catch (error) {
			throw asBroken(error);
		}
		this.#isLoaded = true;
		this.#loaded.resolve(undefined);
		this.notices.tell({ kind: 'messages', arrivals: 'all' });
		this.notices.tell({ kind: 'subjects', subjects: this.memory.subjects.subjects('') });
		this.notices.tell({ kind: 'documents', documents: 'all' });
		this.notices.tell({ kind: 'facts' });
		this.notices.tell({ kind: 'pending' });
		this.notices.tell({ kind: 'outbox' });
		this.notices.tell({ kind: 'backfill' });
	}

	async #noticingFullness<Answer>(run: () => Promise<Answer>): Promise<Answer> {
		try {
			const answer = await run();
			if (this.#isFull) this.fullness.tell((this.#isFull = false));
			return answer;
		} catch (error) {
			if (isFull(error) && !this.#isFull) this.fullness.tell((this.#isFull = true));
			throw error;
		}
	}

	/** Gives up bodies and parts, which the server has. Attachments of drafts lie beside the parts and stay. */
	#makeRoom(): Promise<void> {
		return this.storage.write(['contents', 'blobs', 'meta'], 'strict', async (transaction) => {
			transaction.clear('contents');
			transaction.deleteRange('blobs', { from: 'part:', to: 'part;' });
			transaction.delete('meta', 'heldContents');
		});
	}
}
