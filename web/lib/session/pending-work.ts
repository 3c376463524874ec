import { registerSubjects } from '#schema/mail/message.ts';
import type { DocumentId } from '#schema/ids.ts';
import { pendingLinesOf } from '#lib/replica/connectivity-tracker.ts';
import type { OpenReplica } from '#lib/replica/open-replica.ts';
import type { PendingWork } from './session.ts';

/**
 * Whether work is in this tab only: everything that waits where nothing outlives the tab, elsewhere what found no
 * room on the device.
 */
export function isLostWithTab({ core, outboxMemory, drafts }: OpenReplica, publicComputer: boolean): boolean {
	const statuses = drafts.openStatuses().map(({ kind }) => kind);
	if (statuses.includes('unsaved')) return true;
	if (!publicComputer) return false;
	return (
		statuses.includes('changed') ||
		core.memory.pending.size > 0 ||
		outboxMemory.rows.some(({ state }) => state.kind === 'waiting' || state.kind === 'sent') ||
		[...outboxMemory.attachments.values()].some(({ state }) => state.kind === 'waiting')
	);
}

/** What this device holds that the server has not confirmed. */
export async function pendingWorkOf({ core, outboxMemory }: OpenReplica): Promise<PendingWork> {
	await core.loaded;
	await outboxMemory.load();
	const { memory } = core;
	const documents = new Set<DocumentId>();
	const isGone = (document: DocumentId) =>
		memory.subjects.value(registerSubjects.draft(document), 'deleted') === true;
	const lines = pendingLinesOf(core, outboxMemory);
	for (const line of lines) if (line.kind === 'draft' && !isGone(line.document)) documents.add(line.document);
	for (const { document, state } of outboxMemory.attachments.values()) {
		if (state.kind === 'waiting' && !isGone(document)) documents.add(document);
	}
	const subjectOf = (document: DocumentId) => {
		const subject = memory.subjects.value(registerSubjects.draft(document), 'subject');
		return typeof subject === 'string' ? subject : '';
	};
	const others = lines.filter((line) => line.kind !== 'draft' || !documents.has(line.document));
	const commands = outboxMemory.rows.filter(({ state }) => state.kind === 'waiting' || state.kind === 'sent');
	const letters = commands.flatMap(({ body }) =>
		body.name === 'submit' ? [{ subject: body.letter.subject }] : []
	);
	return {
		changes: others.length + commands.length - letters.length,
		letters,
		drafts: [...documents]
			.filter((document) => outboxMemory.rowSending(document) === undefined)
			.map((document) => ({ subject: subjectOf(document) }))
	};
}
