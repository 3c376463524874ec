import { countOfRanges } from '#schema/docs/ranges.ts';
import type { SubmissionId } from '#schema/ids.ts';
import type { SubmissionFact } from '#schema/mail/message.ts';
import type { OutboxItem, OutboxState } from '../outbox.ts';
import type { AttachmentRecord, OutboxRow } from '../storage/stores.ts';
import type { OutboxMemory } from './outbox-memory.ts';

/** How long a letter that arrived is listed, milliseconds. */
const listedFor = 7 * 24 * 60 * 60 * 1000;

type Submit = Extract<OutboxRow['body'], { name: 'submit' }>;

/** Attachments of a letter that this device has yet to upload. */
export function waitingAttachments(memory: OutboxMemory, { letter }: Submit): AttachmentRecord[] {
	return letter.attachments
		.map((id) => memory.attachments.get(id))
		.filter((record): record is AttachmentRecord => record?.state.kind === 'waiting');
}

function waitingState(memory: OutboxMemory, body: Submit): OutboxState {
	const waiting = waitingAttachments(memory, body);
	const isUploading = waiting.some(({ id }) => memory.progressOf(id) !== undefined);
	if (!isUploading) return { kind: 'waiting' };
	const all = body.letter.attachments
		.map((id) => memory.attachments.get(id))
		.filter((record) => record !== undefined);
	const total = all.reduce((sum, { size }) => sum + size, 0);
	const left = waiting.reduce((sum, { id, size }) => sum + size - (memory.progressOf(id) ?? 0), 0);
	return { kind: 'uploading', sent: Math.max(0, total - left), total };
}

function factState(memory: OutboxMemory, fact: SubmissionFact): OutboxState {
	switch (fact.state) {
		case 'held':
			return { kind: 'held', releaseAt: fact.releaseAt, heldFor: fact.releaseAt - fact.submittedAt };
		case 'cancelled':
			return { kind: 'cancelled' };
		case 'queued':
			return { kind: 'released', deliveries: memory.deliveries.get(fact.id) ?? [] };
	}
}

function rowState(memory: OutboxMemory, { body, state }: OutboxRow): OutboxState {
	switch (state.kind) {
		case 'waiting':
			return body.name === 'submit' ? waitingState(memory, body) : { kind: 'waiting' };
		case 'sent':
			return { kind: 'sending' };
		case 'submitted':
			return { kind: 'held', releaseAt: state.releaseAt };
		case 'refused':
			return { kind: 'refused', code: state.code, detail: state.detail };
	}
}

function itemOfRow(memory: OutboxMemory, row: OutboxRow, isCancelling: boolean): OutboxItem | undefined {
	const { id, at, body } = row;
	const state: OutboxState =
		isCancelling && row.state.kind !== 'refused' ? { kind: 'cancelling' } : rowState(memory, row);
	switch (body.name) {
		case 'submit': {
			const { submission, document, letter } = body;
			const recipients = [...letter.to, ...letter.cc, ...letter.bcc];
			return {
				id,
				at,
				state,
				about: { kind: 'letter', submission, document, subject: letter.subject, recipients }
			};
		}
		case 'purge':
			return { id, at, state, about: { kind: 'purge', count: countOfRanges(body.arrivals) } };
		case 'send-again':
			return { id, at, state, about: { kind: 'send-again', submission: body.submission } };
		case 'cancel-submission':
		case 'release-submission':
			return undefined;
	}
}

function itemOfFact(memory: OutboxMemory, fact: SubmissionFact, isCancelling: boolean): OutboxItem {
	const { id, document, subject, recipients, submittedAt } = fact;
	return {
		id,
		at: submittedAt,
		state: isCancelling && fact.state === 'held' ? { kind: 'cancelling' } : factState(memory, fact),
		about: { kind: 'letter', submission: id, document, subject, recipients }
	};
}

/** What is under way or lately arrived, newest first. */
export function outboxItems(memory: OutboxMemory, now: number): readonly OutboxItem[] {
	const cancelled = new Set<SubmissionId>();
	for (const { body } of memory.rows) if (body.name === 'cancel-submission') cancelled.add(body.submission);
	const rows = memory.rows.flatMap((row) => {
		const { body, state } = row;
		// The fact may come before the answer to the command.
		const isTaken = state.kind === 'sent' || state.kind === 'submitted';
		const isTold = body.name === 'submit' && isTaken && memory.submissions.has(body.submission);
		if (isTold) return [];
		return itemOfRow(memory, row, body.name === 'submit' && cancelled.has(body.submission)) ?? [];
	});
	const facts = [...memory.submissions.values()]
		.filter(({ submittedAt, state }) => state === 'held' || submittedAt > now - listedFor)
		.map((fact) => itemOfFact(memory, fact, cancelled.has(fact.id)));
	return [...rows, ...facts].sort((left, right) => right.at - left.at);
}
