import * as Y from 'yjs';
import { answeredBy, letterOf, seedDraft, type Answered, type DraftSeed } from '#schema/docs/draft.ts';
import type { DocumentId } from '#schema/ids.ts';
import { submissionIdOf } from '#schema/mail/submission.ts';
import type { CommandBody } from '#schema/protocol/messages.ts';
import { deviceZone } from '../../platform/time-zone.ts';
import type { NewChange } from '../changes/write.ts';
import type { SendProblem } from '../drafts.ts';
import { newOutboxRow } from '../outbox/command-outbox.ts';
import type { OutboxMemory } from '../outbox/outbox-memory.ts';
import type { ReplicaCore } from '../replica-core.ts';
import type { OutboxRow } from '../storage/stores.ts';
import { draftChanges, generationOf, type DraftRegisters } from './draft-registers.ts';
import { newDocument, registersOf } from './open-draft.ts';

type Submit = Extract<CommandBody, { name: 'submit' }>;

/** A new draft's document and what the list says of it. */
export function seededDraft(
	core: ReplicaCore,
	seed: DraftSeed
): { readonly update: Uint8Array<ArrayBuffer>; readonly registers: DraftRegisters } {
	const document = newDocument(core);
	seedDraft(document, seed);
	const update = new Uint8Array(Y.encodeStateAsUpdate(document));
	const registers = registersOf(document, core.clock.now());
	document.destroy();
	return { update, registers };
}

/**
 * Which sending this is: the draft's generation, or the next one after those the server knows of, so that a
 * letter that was called back can be sent once more.
 */
function nextGeneration(core: ReplicaCore, outbox: OutboxMemory, id: DocumentId): number {
	let generation = generationOf(core.memory.subjects, id);
	while (outbox.submissions.has(submissionIdOf(id, generation))) generation += 1;
	return generation;
}

export type PreparedLetter =
	| { readonly kind: 'invalid'; readonly problems: readonly SendProblem[] }
	| {
			readonly kind: 'prepared';
			readonly row: OutboxRow & { readonly body: Submit };
			readonly changes: readonly NewChange[];
			readonly answered: Answered | undefined;
	  };

/** The command that sends a draft as it stands in these updates. */
export function preparedLetter(
	core: ReplicaCore,
	outbox: OutboxMemory,
	id: DocumentId,
	updates: readonly Uint8Array[]
): PreparedLetter {
	const document = new Y.Doc();
	Y.applyUpdate(document, Y.mergeUpdates([...updates]));
	const outcome = letterOf(document, Math.round(core.serverTime().now));
	const answered = answeredBy(document);
	document.destroy();
	const problems: SendProblem[] = outcome.kind === 'problems' ? [...outcome.problems] : [];
	const isRefused = outbox
		.attachmentsOf(id)
		.some(
			(record) =>
				record.state.kind === 'refused' &&
				outcome.kind === 'letter' &&
				outcome.letter.attachments.includes(record.id)
		);
	if (isRefused) problems.push('attachment-refused');
	if (outcome.kind === 'problems' || problems.length > 0) return { kind: 'invalid', problems };
	const generation = nextGeneration(core, outbox, id);
	const zone = deviceZone();
	const body: Submit = {
		name: 'submit',
		submission: submissionIdOf(id, generation),
		document: id,
		generation,
		letter: { ...outcome.letter, ...(zone === undefined ? {} : { zone }) }
	};
	return {
		kind: 'prepared',
		row: { ...newOutboxRow(core, outbox, body), body },
		changes: generation === 0 ? [] : draftChanges(core.memory.subjects, id, { generation }),
		answered
	};
}
