import { unionOfRanges, type Ranges } from '#schema/docs/ranges.ts';
import type { DocumentId } from '#schema/ids.ts';
import { laterTime, type StampTime } from '../changes/pending-change.ts';
import { readMeta } from '../storage/meta.ts';
import type { ReplicaStorage, Writing } from '../storage/storage.ts';
import { deliveryKey, updateKey, type HeadRow } from '../storage/stores.ts';
import { MailboxDictionary } from '../state/mailbox-dictionary.ts';
import type { ReplicaMemory } from '../state/replica-memory.ts';
import { openAlteration, type ConfirmedState, type Needs, type Alteration } from './alteration.ts';

/** The stores that hold confirmed state. */
export const confirmedStores = [
	'meta',
	'columns',
	'registers',
	'packs',
	'subjects',
	'documents',
	'updates',
	'contents',
	'blobs',
	'submissions',
	'deliveries'
] as const;

/** What settling needs besides. */
export const settlingStores = [...confirmedStores, 'pending', 'clock'] as const;
export type SettlingStore = (typeof settlingStores)[number];

/** What one transaction altered: other tabs read it again, this one has it in memory. */
export interface Altered {
	readonly revision: number;
	readonly blocks: readonly number[];
	readonly subjects: readonly string[];
	readonly documents: readonly DocumentId[];
	readonly hasFacts: boolean;
	/** Keys of pending changes that were settled or refused. */
	readonly settled: readonly number[];
}

/** What a change to confirmed state has to say beside the alteration itself. */
export interface Outcome {
	readonly cursor?: HeadRow['cursor'];
	readonly own?: StampTime;
	readonly settled?: readonly number[];
}

export interface Confirmation {
	readonly stores: readonly SettlingStore[];
	readonly needs: Needs;
	/** Makes the alteration; it may await nothing but the transaction. Null: there is nothing to do. */
	readonly apply: (
		alteration: Alteration,
		transaction: Writing<SettlingStore>,
		head: HeadRow
	) => Promise<Outcome | null> | Outcome | null;
}

/**
 * Alters confirmed state in one transaction together with the head, then in memory. `stale`: another tab
 * altered it since this memory was loaded, nothing was done.
 */
export async function confirm(
	storage: ReplicaStorage,
	memory: ReplicaMemory,
	{ stores, needs, apply }: Confirmation
): Promise<
	| {
			readonly altered: Altered;
			readonly arrivals: Ranges;
			readonly changedSubjects: readonly string[];
	  }
	| 'stale'
	| null
> {
	const done = await storage.write(stores, 'relaxed', async (transaction: Writing<SettlingStore>) => {
		const head = await readMeta(transaction, 'head');
		if (head === undefined || head.revision !== memory.head?.revision) return 'stale' as const;
		const alteration = await openAlteration(transaction, memory, needs);
		alteration.numberMailboxesBy(new MailboxDictionary(await readMeta(transaction, 'mailboxes')));
		const outcome = await apply(alteration, transaction, head);
		if (outcome === null) return null;
		const documents = await storeAlteration(transaction, alteration, memory);
		const next: HeadRow = {
			cursor: outcome.cursor ?? head.cursor,
			revision: head.revision + 1,
			seen: laterTime(head.seen, alteration.seen),
			own: laterTime(head.own, outcome.own ?? head.own)
		};
		transaction.put('meta', 'head', next);
		return { alteration, next, documents, settled: outcome.settled ?? [] };
	});
	if (done === 'stale' || done === null) return done;
	const { alteration, next, documents, settled } = done;
	const difference = takeOver(memory, alteration, next, settled);
	return {
		altered: {
			revision: next.revision,
			blocks: [...alteration.blocks.keys()],
			subjects: [...alteration.subjects.keys()],
			documents,
			hasFacts:
				alteration.replacesSending || alteration.submissions.length + alteration.deliveries.length > 0,
			settled
		},
		arrivals: difference.arrivals,
		changedSubjects: difference.subjects
	};
}

function takeOver(memory: ReplicaMemory, alteration: Alteration, head: HeadRow, settled: readonly number[]) {
	memory.columns.dictionary = alteration.dictionary;
	memory.joins = alteration.joins;
	memory.backfill = alteration.backfill;
	memory.head = head;
	memory.subjects.confirm(alteration.subjects.values());
	const confirmed = memory.columns.confirm(alteration.blocks);
	const dropped = memory.dropPending(settled);
	return {
		arrivals: unionOfRanges(confirmed, dropped.arrivals),
		subjects: [...new Set([...alteration.subjects.keys(), ...dropped.subjects])]
	};
}

/** Puts everything an alteration touched; says which documents got updates. */
async function storeAlteration(
	transaction: Writing<SettlingStore>,
	alteration: Alteration,
	state: Pick<ConfirmedState, 'joins' | 'backfill'>
): Promise<readonly DocumentId[]> {
	for (const [block, { buffer }] of alteration.blocks) transaction.put('columns', block, { block, buffer });
	for (const number of alteration.touchedRegisters) {
		const block = alteration.registers.get(number);
		if (block !== undefined) transaction.put('registers', number, block.record());
	}
	for (const pack of alteration.touchedPacks) {
		const messages = [...(alteration.packs.get(pack)?.values() ?? [])];
		messages.sort((left, right) => left.arrival - right.arrival);
		transaction.put('packs', pack, { pack, messages });
	}
	for (const record of alteration.subjects.values()) transaction.put('subjects', record.subject, record);
	if (alteration.replacesSending) {
		transaction.clear('submissions');
		transaction.clear('deliveries');
	}
	for (const fact of alteration.submissions) transaction.put('submissions', fact.id, fact);
	for (const fact of alteration.deliveries) transaction.put('deliveries', deliveryKey(fact), fact);
	for (const arrival of alteration.emptied) {
		transaction.delete('contents', arrival);
		transaction.deleteRange('blobs', { from: `part:${arrival}:`, to: `part:${arrival};` });
	}
	if (alteration.hasNewMailboxes) transaction.put('meta', 'mailboxes', alteration.dictionary.ids);
	if (alteration.joins !== state.joins) transaction.put('meta', 'joins', alteration.joins);
	if (alteration.backfill !== undefined && alteration.backfill !== state.backfill) {
		transaction.put('meta', 'backfill', alteration.backfill);
	}
	return storeTexts(transaction, alteration.texts);
}

async function storeTexts(
	transaction: Writing<'documents' | 'updates'>,
	texts: Alteration['texts']
): Promise<readonly DocumentId[]> {
	const documents = new Set(texts.map(({ document }) => document));
	for (const document of documents) {
		const updates = texts.filter((text) => text.document === document);
		const record = await transaction.get('documents', document);
		let number = record?.nextUpdate ?? 0;
		for (const { update } of updates) {
			transaction.put('updates', updateKey(document, number), update);
			number += 1;
		}
		transaction.put('documents', document, {
			document,
			snapshot: record?.snapshot ?? null,
			nextUpdate: number
		});
	}
	return [...documents];
}
