import type { DocumentId } from '#schema/ids.ts';
import { registerSubjects } from '#schema/mail/message.ts';
import type { PendingRegisters } from '../changes/pending-change.ts';
import { writeChanges } from '../changes/write.ts';
import type { ReplicaCore } from '../replica-core.ts';
import { pendingTexts, readDocument } from './document-store.ts';
import { draftChanges, draftIds, draftOf, isDiscarded } from './draft-registers.ts';

/** This device's discard that the server has not confirmed yet. */
function pendingDiscard(core: ReplicaCore, id: DocumentId): PendingRegisters | undefined {
	const subject = registerSubjects.draft(id);
	return [...core.memory.pending.values()].findLast(
		(change): change is PendingRegisters =>
			change.kind === 'registers' &&
			change.target.kind === 'subject' &&
			change.target.subject === subject &&
			change.field === 'deleted' &&
			change.value === true
	);
}

/** Whether this device wrote something that whoever discarded the draft can't have seen. */
function wasWrittenSince(core: ReplicaCore, id: DocumentId): boolean {
	const discarded = pendingDiscard(core, id)?.key ?? Number.NEGATIVE_INFINITY;
	return pendingTexts(core, id).some(({ key }) => key > discarded);
}

/** Drafts this device threw away, of which it now holds more than it then did. */
async function grownSinceDiscard(core: ReplicaCore): Promise<DocumentId[]> {
	const grown: DocumentId[] = [];
	for (const id of draftIds(core.memory.subjects)) {
		const known = pendingDiscard(core, id)?.known;
		if (known === undefined) continue;
		const updates = await readDocument(core, id);
		const { holdMoreThan } = await import('./open-draft.ts');
		if (updates.length > 0 && holdMoreThan(updates, known)) grown.push(id);
	}
	return grown;
}

/**
 * An edit wins over a discard that did not know of it: a draft that another device discarded while this one
 * wrote on it comes back, and so does one that this device discarded while another wrote on it. Returns the
 * end of it.
 */
export function reviveEdited(core: ReplicaCore): () => void {
	const revive = (ids: readonly DocumentId[]) => {
		const changes = ids.flatMap((id) => draftChanges(core.memory.subjects, id, { deleted: false }));
		if (changes.length > 0)
			void core.inBackground(async () => {
				await writeChanges(core, changes);
			});
	};
	const isLost = (id: DocumentId) => isDiscarded(core.memory.subjects, id);
	// What came by no entry of the log: an opening, or before this tab led.
	const look = () =>
		void core.inBackground(async () => {
			revive((await grownSinceDiscard(core)).filter(isLost));
		});
	look();
	return core.notices.add((notice) => {
		if (notice.kind === 'subjects') {
			const drafts = notice.subjects.map(draftOf).filter((id) => id !== undefined);
			revive(drafts.filter((id) => isLost(id) && wasWrittenSince(core, id)));
		} else if (notice.kind === 'edited') {
			revive(notice.documents.filter((id) => isLost(id) && pendingDiscard(core, id) !== undefined));
		} else if (notice.kind === 'documents' && notice.documents === 'all') {
			look();
		}
	});
}
