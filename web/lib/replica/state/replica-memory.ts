import type { DeviceId } from '#schema/ids.ts';
import type { Ranges } from '#schema/docs/ranges.ts';
import type { PendingChange } from '../changes/pending-change.ts';
import type { ConfirmedState } from '../log/alteration.ts';
import { readMeta } from '../storage/meta.ts';
import type { ReplicaStorage } from '../storage/storage.ts';
import type { BackfillRow, HeadRow, OutboxRow } from '../storage/stores.ts';
import { columnBlock } from './column-block.ts';
import { inKeyOrder } from './key-order.ts';
import { MailboxDictionary } from './mailbox-dictionary.ts';
import { MessageColumns, type MessageOverlay } from './message-columns.ts';
import { SubjectRegisters, type SubjectOverlay } from './subject-registers.ts';

/** What changed on the screen when memory did. */
export interface Difference {
	readonly arrivals: Ranges;
	readonly subjects: readonly string[];
}

/** What a tab holds in memory of its replica: confirmed state, and this device's pending changes over it. */
export class ReplicaMemory implements ConfirmedState {
	readonly columns = new MessageColumns();
	readonly subjects = new SubjectRegisters();
	/** Pending changes by key, ascending. */
	pending: ReadonlyMap<number, PendingChange> = new Map();
	joins: readonly (readonly [number, number])[] = [];
	head: HeadRow | undefined;
	backfill: BackfillRow | undefined;
	device: DeviceId | undefined;
	/** Number of the next change, as far as this tab knows. */
	nextKey = 0;
	lastSync: number | null = null;

	/** Takes pending changes in; they show at once. */
	addPending(changes: readonly PendingChange[]): Difference {
		this.nextKey = changes.reduce((next, { key }) => Math.max(next, key + 1), this.nextKey);
		this.pending = inKeyOrder(this.pending, new Map(changes.map((change) => [change.key, change])));
		const { messages, subjects } = overlaysOf(changes);
		this.subjects.overlay(subjects);
		return {
			arrivals: this.columns.overlay(messages),
			subjects: [...new Set([...subjects.values()].map(({ subject }) => subject))]
		};
	}

	/** Lets go of changes that were settled or refused; what is confirmed shows again. */
	dropPending(keys: readonly number[]): Difference {
		const left = new Map(this.pending);
		const dropped: PendingChange[] = [];
		for (const key of keys) {
			const change = left.get(key);
			if (change !== undefined) dropped.push(change);
			left.delete(key);
		}
		this.pending = left;
		this.subjects.uncover(keys);
		const { subjects } = overlaysOf(dropped);
		return {
			arrivals: this.columns.uncover(keys),
			subjects: [...new Set([...subjects.values()].map(({ subject }) => subject))]
		};
	}

	/** Takes all purges that wait in the outbox; says whose state changed. */
	hidePurged(rows: Iterable<OutboxRow>): Ranges {
		const sets = new Map<string, Ranges>();
		for (const { id, body, state } of rows) {
			if (body.name === 'purge' && state.kind !== 'refused') sets.set(id, body.arrivals);
		}
		return this.columns.hide(sets);
	}

	/** Whether storage holds nothing that was written since this memory was read. */
	async isCurrent(storage: ReplicaStorage): Promise<boolean> {
		const [head, clock] = await storage.read(['meta', 'clock'], (transaction) =>
			Promise.all([readMeta(transaction, 'head'), transaction.get('clock', 'clock')])
		);
		return head?.revision === this.head?.revision && (clock?.nextKey ?? 0) === this.nextKey;
	}

	/** Forgets everything and reads it from storage. Throws where what is stored can't be read. */
	async load(storage: ReplicaStorage): Promise<void> {
		const stores = ['meta', 'columns', 'subjects', 'pending', 'clock', 'outbox'] as const;
		const stored = await storage.read(stores, async (transaction) => {
			const [columns, subjects, pending, clock, outbox, mailboxes, head, backfill, joins, lastSync] =
				await Promise.all([
					transaction.getAll('columns'),
					transaction.getAll('subjects'),
					transaction.getAll('pending'),
					transaction.get('clock', 'clock'),
					transaction.getAll('outbox'),
					readMeta(transaction, 'mailboxes'),
					readMeta(transaction, 'head'),
					readMeta(transaction, 'backfill'),
					readMeta(transaction, 'joins'),
					readMeta(transaction, 'lastSync')
				]);
			return { columns, subjects, pending, clock, outbox, mailboxes, head, backfill, joins, lastSync };
		});
		this.columns.dictionary = new MailboxDictionary(stored.mailboxes);
		this.columns.reset(new Map(stored.columns.map(({ block, buffer }) => [block, columnBlock(buffer)])));
		this.subjects.reset(stored.subjects);
		this.head = stored.head;
		this.backfill = stored.backfill;
		this.joins = stored.joins ?? [];
		this.device = stored.clock?.device;
		this.lastSync = stored.lastSync ?? null;
		this.nextKey = Math.max(this.nextKey, stored.clock?.nextKey ?? 0);
		// Written here while storage was read: not in what was read, and not to be forgotten.
		const minted = [...this.pending.values()].filter(({ key }) => key >= (stored.clock?.nextKey ?? 0));
		this.dropPending([...this.pending.keys()]);
		this.addPending([...stored.pending, ...minted]);
		this.hidePurged(stored.outbox);
	}
}

function overlaysOf(changes: readonly PendingChange[]): {
	readonly messages: ReadonlyMap<number, MessageOverlay>;
	readonly subjects: ReadonlyMap<number, SubjectOverlay>;
} {
	const messages = new Map<number, MessageOverlay>();
	const subjects = new Map<number, SubjectOverlay>();
	for (const change of changes) {
		if (change.kind === 'text') continue;
		const { key, target, field, value } = change;
		if (target.kind === 'messages') messages.set(key, { arrivals: target.arrivals, field, value });
		else subjects.set(key, { subject: target.subject, field, value });
	}
	return { messages, subjects };
}
