import type { DocumentId } from '#schema/ids.ts';
import type { EntriesFrame } from '#schema/protocol/messages.ts';
import type { Entry } from '#schema/space/entry.ts';
import type { ReplicaCore } from '../replica-core.ts';
import { applyChange, needsOf } from './apply-change.ts';
import { confirmedStores, settlingStores } from './confirm.ts';
import { EditsInLog, removedWithEdits } from './edits-in-log.ts';

function textsOf(entries: readonly Entry[]): DocumentId[] {
	const changes = entries.flatMap((entry) => entry.changes);
	return [...new Set(changes.flatMap((change) => (change.kind === 'text' ? [change.document] : [])))];
}

/** Tells who wrote on which document, as far as the log does. */
function tellWriting(core: ReplicaCore, entries: readonly Entry[]): void {
	const edited = textsOf(entries.filter(({ device }) => device !== null && device !== core.memory.device));
	if (edited.length > 0) core.notices.tell({ kind: 'edited', documents: edited });
	// No device wrote it: the server told all there is of a draft that is back.
	const isToldWhole = textsOf(entries.filter(({ device }) => device === null)).length > 0;
	if (isToldWhole) core.notices.tell({ kind: 'documents', documents: 'all' });
}

/**
 * Applies a stretch of the log and moves the cursor over it, in one transaction. Entries that were applied
 * before are passed over. `gap`: it does not follow on what is here, nothing was done.
 */
export async function receiveEntries(
	core: ReplicaCore,
	{ generation, entries, seq }: Pick<EntriesFrame, 'generation' | 'entries' | 'seq'>
): Promise<'applied' | 'known' | 'gap'> {
	let verdict: 'applied' | 'known' | 'gap' = 'gap';
	let applied: readonly Entry[] = [];
	const removed = removedWithEdits(core, entries);
	const edits =
		removed.length > 0
			? new EditsInLog(removed, (await import('../drafts/held-edits.ts')).holdsEdit)
			: undefined;
	await core.confirm({
		stores: edits === undefined ? confirmedStores : settlingStores,
		needs: needsOf(entries.flatMap(({ changes }) => changes)),
		async apply(alteration, transaction, { cursor }) {
			const fresh = entries.filter((entry) => entry.seq > cursor.seq);
			const first = fresh[0]?.seq ?? seq + 1;
			if (cursor.generation !== generation || first > cursor.seq + 1) {
				verdict = 'gap';
				return null;
			}
			verdict = fresh.length === 0 ? 'known' : 'applied';
			if (fresh.length === 0) return null;
			applied = fresh;
			for (const { changes } of fresh) {
				edits?.note(alteration);
				for (const change of changes) applyChange(alteration, change);
			}
			const { backfill } = alteration;
			const hasRestored = fresh.some(({ changes }) => changes.some(({ kind }) => kind === 'restored'));
			if (hasRestored && backfill !== undefined) alteration.backfill = { ...backfill, restoredAt: seq };
			const settled = (await edits?.settle(alteration, transaction)) ?? [];
			return { cursor: { generation, seq }, settled };
		}
	});
	tellWriting(core, applied);
	return verdict;
}
