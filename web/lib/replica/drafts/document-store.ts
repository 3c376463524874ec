import type { DocumentId } from '#schema/ids.ts';
import type { PendingText } from '../changes/pending-change.ts';
import type { ReplicaCore } from '../replica-core.ts';
import { updateKeys } from '../storage/stores.ts';

/** Updates of a document above which they are folded into its snapshot. */
const compactedAbove = 64;

/** This device's pending edits of a document, oldest first. */
export function pendingTexts(core: ReplicaCore, document: DocumentId): PendingText[] {
	return [...core.memory.pending.values()].filter(
		(change): change is PendingText => change.kind === 'text' && change.document === document
	);
}

/** Everything this device holds of a document: Yjs updates, confirmed ones first. Empty where it holds nothing. */
export async function readDocument(core: ReplicaCore, document: DocumentId): Promise<readonly Uint8Array[]> {
	await core.loaded;
	const confirmed = await core.storage.read(['documents', 'updates'], async (transaction) => {
		const [record, updates] = await Promise.all([
			transaction.get('documents', document),
			transaction.getAll('updates', updateKeys(document))
		]);
		const snapshot = record?.snapshot ?? undefined;
		return [...(snapshot === undefined ? [] : [snapshot]), ...updates];
	});
	return [...confirmed, ...pendingTexts(core, document).map(({ update }) => update)];
}

/** Folds a document's confirmed updates into its snapshot, where there are many. */
export async function compactDocument(
	core: ReplicaCore,
	document: DocumentId,
	merge: (updates: Uint8Array[]) => Uint8Array
): Promise<void> {
	await core.storage.write(['documents', 'updates'], 'relaxed', async (transaction) => {
		const [record, updates] = await Promise.all([
			transaction.get('documents', document),
			transaction.getAll('updates', updateKeys(document))
		]);
		if (record === undefined || updates.length < compactedAbove) return;
		const parts = record.snapshot === null ? updates : [record.snapshot, ...updates];
		transaction.deleteRange('updates', updateKeys(document));
		transaction.put('documents', document, { ...record, snapshot: new Uint8Array(merge(parts)) });
	});
}
