import type { DraftSeed } from '#schema/docs/draft.ts';
import { newId, type DocumentId } from '#schema/ids.ts';
import { registerSubjects, type MessageField } from '#schema/mail/message.ts';
import { writeMessages } from '../changes/actions.ts';
import { writeChanges } from '../changes/write.ts';
import type { RefusedChange } from '../connectivity.ts';
import type { DraftHandle, DraftRow, Drafts, DraftStatus, SendOutcome } from '../drafts.ts';
import { Listeners } from '../notices.ts';
import { tellOutbox } from '../outbox/command-outbox.ts';
import type { OutboxMemory } from '../outbox/outbox-memory.ts';
import type { ReplicaCore } from '../replica-core.ts';
import { readMeta } from '../storage/meta.ts';
import { readDocument } from './document-store.ts';
import { draftChanges, draftIds, draftOf, draftRow } from './draft-registers.ts';
import { withSending } from './late-edits.ts';
import type { LastWords } from './last-words.ts';
import type { LiveChannels } from './live-channels.ts';
import type { OpenDraft } from './open-draft.ts';

export interface DraftDeskParts {
	readonly core: ReplicaCore;
	readonly outbox: OutboxMemory;
	readonly live: LiveChannels;
	/** None on a public computer, where nothing outlives the tab. */
	readonly lastWords: LastWords | undefined;
	readonly refusals: () => readonly RefusedChange[];
}

/** The drafts of a replica. What works on the text itself (Yjs) is loaded when it is first needed. */
export class DraftDesk implements Drafts {
	readonly #parts: DraftDeskParts;
	readonly #listeners = new Listeners<void>();
	readonly #open = new Map<DocumentId, OpenDraft>();

	constructor(parts: DraftDeskParts) {
		this.#parts = parts;
		parts.core.notices.add((notice) => {
			const isOurs =
				notice.kind === 'documents' ||
				(notice.kind === 'subjects' && notice.subjects.some((subject) => draftOf(subject) !== undefined));
			if (isOurs) this.#listeners.tell();
		});
		parts.outbox.changes.add(() => this.#listeners.tell());
	}

	subscribe(listener: () => void): () => void {
		return this.#listeners.add(listener);
	}

	list(): readonly DraftRow[] {
		return draftIds(this.#parts.core.memory.subjects)
			.map((id) => this.row(id))
			.filter((row): row is DraftRow => row !== undefined && !row.sending)
			.sort((left, right) => right.savedAt - left.savedAt);
	}

	row(id: DocumentId): DraftRow | undefined {
		return draftRow(this.#parts.core.memory.subjects, this.#parts.outbox, id);
	}

	async create(seed: DraftSeed): Promise<DocumentId> {
		const { core } = this.#parts;
		const { seededDraft } = await import('./draft-letters.ts');
		const id: DocumentId = newId(core.random);
		const { update, registers } = seededDraft(core, seed);
		await writeChanges(core, [
			{ kind: 'text', document: id, update },
			...draftChanges(core.memory.subjects, id, registers)
		]);
		return id;
	}

	async open(id: DocumentId): Promise<DraftHandle | undefined> {
		const draft = this.#open.get(id) ?? (await this.#openFirst(id));
		draft?.hold();
		return draft;
	}

	openStatuses(): readonly DraftStatus[] {
		return [...this.#open.values()].map((draft) => draft.status());
	}

	/** The page may be about to be put away. */
	keepLastWords(): void {
		for (const draft of this.#open.values()) draft.keepLastWords();
	}

	async discard(id: DocumentId): Promise<void> {
		// What was typed before comes before the discard, and does not bring the draft back.
		await this.#open.get(id)?.save();
		const updates = await readDocument(this.#parts.core, id);
		const { vectorOf } = await import('./open-draft.ts');
		await this.#setDeleted(id, { deleted: true, known: vectorOf(updates) });
	}

	async restore(id: DocumentId): Promise<void> {
		await this.#setDeleted(id, { deleted: false });
	}

	async send(id: DocumentId): Promise<SendOutcome> {
		const { core, outbox } = this.#parts;
		if ((await this.#open.get(id)?.settle()) === false) return { kind: 'invalid', problems: ['unsaved'] };
		if (this.row(id)?.sending === true) return { kind: 'invalid', problems: ['already-sending'] };
		const updates = await readDocument(core, id);
		if (updates.length === 0) return { kind: 'invalid', problems: ['unknown-draft'] };
		const { preparedLetter } = await import('./draft-letters.ts');
		const prepared = preparedLetter(core, outbox, id, updates);
		if (prepared.kind === 'invalid') return prepared;
		const { row, answered } = prepared;
		await writeChanges(core, prepared.changes, {
			also: {
				stores: ['outbox', 'meta'],
				async run(transaction) {
					const sending = { submission: row.body.submission, nextKey: core.memory.nextKey };
					transaction.put('outbox', row.id, row);
					transaction.put(
						'meta',
						'sendings',
						withSending((await readMeta(transaction, 'sendings')) ?? [], sending)
					);
				}
			}
		});
		await tellOutbox(core, outbox);
		if (answered !== undefined) await this.#noteAnswered(answered);
		return { kind: 'queued', submission: row.body.submission, command: row.id };
	}

	async #noteAnswered({ arrival, how }: { readonly arrival: number; readonly how: 'reply' | 'forward' }) {
		const field: MessageField = how === 'reply' ? '$answered' : '$forwarded';
		await writeMessages(this.#parts.core, [arrival], field, true);
	}

	async #setDeleted(
		id: DocumentId,
		{ deleted, ...known }: { readonly deleted: boolean; readonly known?: Uint8Array<ArrayBuffer> }
	): Promise<void> {
		const target = { kind: 'subject', subject: registerSubjects.draft(id) } as const;
		await writeChanges(this.#parts.core, [
			{ kind: 'registers', target, field: 'deleted', value: deleted, ...known }
		]);
	}

	async #openFirst(id: DocumentId): Promise<OpenDraft | undefined> {
		const { core } = this.#parts;
		const [{ OpenDraft }, updates] = await Promise.all([import('./open-draft.ts'), readDocument(core, id)]);
		const raced = this.#open.get(id);
		if (raced !== undefined || updates.length === 0) return raced;
		const draft = new OpenDraft(id, updates, { ...this.#parts, closed: () => this.#open.delete(id) });
		this.#open.set(id, draft);
		return draft;
	}
}
