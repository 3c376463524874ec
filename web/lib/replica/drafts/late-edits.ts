import type { DocumentId, SubmissionId } from '#schema/ids.ts';
import { submissionIdOf, successorOf } from '#schema/mail/submission.ts';
import type { PendingText } from '../changes/pending-change.ts';
import { writeChanges } from '../changes/write.ts';
import type { ReplicaCore } from '../replica-core.ts';
import { readMeta } from '../storage/meta.ts';
import { pendingTexts, readDocument } from './document-store.ts';
import { draftChanges, draftOf, generationOf, isSent } from './draft-registers.ts';

/** Sendings of this device that are remembered, to know its own edits before them from those after. */
const rememberedSendings = 200;

/** A letter this device put into its outbox, and the number its next change was to have. */
export interface Sending {
	readonly submission: SubmissionId;
	readonly nextKey: number;
}

/** The list with one more sending. */
export function withSending(sendings: readonly Sending[], added: Sending): readonly Sending[] {
	return [...sendings.filter(({ submission }) => submission !== added.submission), added].slice(
		-rememberedSendings
	);
}

/** Edits of this device's that no letter holds, because the draft was sent elsewhere before they arrived. */
async function lateEdits(
	core: ReplicaCore,
	id: DocumentId,
	pending: readonly PendingText[]
): Promise<boolean> {
	const submission = submissionIdOf(id, generationOf(core.memory.subjects, id) - 1);
	const sendings = await core.storage.read(['meta'], (transaction) => readMeta(transaction, 'sendings'));
	const nextKey = sendings?.find((sending) => sending.submission === submission)?.nextKey ?? 0;
	return pending.some(({ key }) => key >= nextKey);
}

/** Makes a new draft of what a sent one holds, this device's late edits in it; once. */
async function succeed(core: ReplicaCore, id: DocumentId, pending: readonly PendingText[]): Promise<void> {
	const [{ mergeUpdates, registersIn }, { holdsEdit }] = await Promise.all([
		import('./open-draft.ts'),
		import('./held-edits.ts')
	]);
	const confirmed = await readDocument(core, id);
	const update = mergeUpdates([...confirmed, ...pending.map((change) => change.update)]);
	const successor = successorOf(id, generationOf(core.memory.subjects, id));
	// Made before, and perhaps thrown away since; the edits are pending for as long as there is no ack.
	if (holdsEdit(await readDocument(core, successor), update)) return;
	const registers = registersIn(update, core.clock.now());
	await writeChanges(core, [
		{ kind: 'text', document: successor, update },
		...draftChanges(core.memory.subjects, successor, registers)
	]);
}

/**
 * Edits of a draft that arrive after it was sent become a new draft: whenever a draft turns out to be sent
 * while this device has pending edits of it, they are taken over. Returns the end of it.
 */
export function keepLateEdits(core: ReplicaCore): () => void {
	return core.notices.add((notice) => {
		if (notice.kind !== 'subjects') return;
		for (const subject of notice.subjects) {
			const id = draftOf(subject);
			if (id === undefined || !isSent(core.memory.subjects, id)) continue;
			// Taken now: the ack that is on its way makes them confirmed, and then they look like any edit.
			const pending = pendingTexts(core, id);
			if (pending.length === 0) continue;
			void core.inBackground(async () => {
				if (await lateEdits(core, id, pending)) await succeed(core, id, pending);
			});
		}
	});
}
