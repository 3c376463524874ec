import type { DocumentId } from '#schema/ids.ts';
import { registerSubjects } from '#schema/mail/message.ts';
import { writeChanges } from '../changes/write.ts';
import type { ReplicaCore } from '../replica-core.ts';
import { pendingTexts } from './document-store.ts';
import { draftChanges, draftOf, isDiscarded } from './draft-registers.ts';

/** Number of this device's discard that the server has not confirmed yet. */
function pendingDiscard(core: ReplicaCore, id: DocumentId): number | undefined {
	const subject = registerSubjects.draft(id);
	const discards = [...core.memory.pending.values()].filter(
		(change) =>
			change.kind === 'registers' &&
			change.target.kind === 'subject' &&
			change.target.subject === subject &&
			change.field === 'deleted' &&
			change.value === true
	);
	return discards.at(-1)?.key;
}

/** Whether this device wrote something that whoever discarded the draft can't have seen. */
function wasWrittenSince(core: ReplicaCore, id: DocumentId): boolean {
	const discarded = pendingDiscard(core, id) ?? Number.NEGATIVE_INFINITY;
	return pendingTexts(core, id).some(({ key }) => key > discarded);
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
	return core.notices.add((notice) => {
		if (notice.kind === 'subjects') {
			const drafts = notice.subjects.map(draftOf).filter((id) => id !== undefined);
			revive(drafts.filter((id) => isLost(id) && wasWrittenSince(core, id)));
		} else if (notice.kind === 'edited') {
			revive(notice.documents.filter((id) => isLost(id) && pendingDiscard(core, id) !== undefined));
		}
	});
}
