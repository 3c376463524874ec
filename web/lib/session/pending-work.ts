import { registerSubjects } from '#schema/mail/message.ts';
import type { DocumentId } from '#schema/ids.ts';
import type { OpenReplica } from '#lib/replica/open-replica.ts';
import type { PendingWork } from './session.ts';

/** What this device holds that the server has not confirmed. */
export async function pendingWorkOf({ core, outboxMemory }: OpenReplica): Promise<PendingWork> {
	await core.loaded;
	await outboxMemory.load();
	const { memory } = core;
	const documents = new Set<DocumentId>();
	for (const change of memory.pending.values()) if (change.kind === 'text') documents.add(change.document);
	for (const { document, state } of outboxMemory.attachments.values()) {
		if (state.kind === 'waiting') documents.add(document);
	}
	const subjectOf = (document: DocumentId) => {
		const subject = memory.subjects.value(registerSubjects.draft(document), 'subject');
		return typeof subject === 'string' ? subject : '';
	};
	const commands = outboxMemory.rows.filter(({ state }) => state.kind === 'waiting' || state.kind === 'sent');
	const letters = commands.flatMap(({ body }) =>
		body.name === 'submit' ? [{ subject: body.letter.subject }] : []
	);
	return {
		changes: memory.pending.size + commands.length - letters.length,
		letters,
		drafts: [...documents]
			.filter((document) => outboxMemory.rowSending(document) === undefined)
			.map((document) => ({ subject: subjectOf(document) }))
	};
}
