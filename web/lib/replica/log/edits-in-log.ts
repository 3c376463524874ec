import type { DocumentId } from '#schema/ids.ts';
import { registerSubjects } from '#schema/mail/message.ts';
import type { Entry } from '#schema/space/entry.ts';
import { pendingTexts } from '../drafts/document-store.ts';
import { draftOf } from '../drafts/draft-registers.ts';
import type { ReplicaCore } from '../replica-core.ts';
import type { Writing } from '../storage/storage.ts';
import { updateKeys } from '../storage/stores.ts';
import type { Alteration } from './alteration.ts';

/** Drafts these entries do away with, on which this device wrote something that was never acked. */
export function removedWithEdits(core: ReplicaCore, entries: readonly Entry[]): DocumentId[] {
	const removed = entries
		.flatMap(({ changes }) => changes)
		.map((change) => {
			if (change.kind !== 'registers' || change.target.kind !== 'subject') return undefined;
			const isRemoval = change.field === 'deleted' && change.value === true;
			return isRemoval ? draftOf(change.target.subject) : undefined;
		})
		.filter((id) => id !== undefined);
	return [...new Set(removed)].filter((id) => pendingTexts(core, id).length > 0);
}

/**
 * What the log held of drafts when it last said that they are there. Edits of this device's that were in it are confirmed,
 * though no ack told so: whoever did away with the draft knew of them.
 */
export class EditsInLog {
	readonly #drafts: readonly DocumentId[];
	readonly #holds: (updates: readonly Uint8Array[], edit: Uint8Array) => boolean;
	/** By draft: how many texts of the alteration had come when it was last there. */
	readonly #standing = new Map<DocumentId, number>();

	constructor(
		drafts: readonly DocumentId[],
		holds: (updates: readonly Uint8Array[], edit: Uint8Array) => boolean
	) {
		this.#drafts = drafts;
		this.#holds = holds;
	}

	/** To be called before each entry is applied. */
	note(alteration: Alteration): void {
		for (const id of this.#drafts) {
			const { fields } = alteration.subject(registerSubjects.draft(id));
			if (fields['deleted']?.value !== true) this.#standing.set(id, alteration.texts.length);
		}
	}

	/** Takes the edits that were in it out of what is pending; answers their keys. */
	async settle(
		alteration: Alteration,
		transaction: Writing<'documents' | 'updates' | 'pending'>
	): Promise<number[]> {
		const settled: number[] = [];
		for (const [id, count] of this.#standing) {
			const [record, updates, pending] = await Promise.all([
				transaction.get('documents', id),
				transaction.getAll('updates', updateKeys(id)),
				transaction.getAll('pending')
			]);
			const come = alteration.texts.slice(0, count).filter(({ document }) => document === id);
			const snapshot = record?.snapshot ?? null;
			const stored = snapshot === null ? updates : [snapshot, ...updates];
			const held = [...stored, ...come.map(({ update }) => update)];
			for (const change of pending) {
				if (change.kind !== 'text' || change.document !== id || !this.#holds(held, change.update)) continue;
				transaction.delete('pending', change.key);
				settled.push(change.key);
			}
		}
		return settled;
	}
}
