import { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { attachmentsOf, recipientsOf, removeAttachment, snippetOf, subjectOf } from '#schema/docs/draft.ts';
import type { AttachmentId, DocumentId } from '#schema/ids.ts';
import { writeChanges } from '../changes/write.ts';
import type { RefusedChange } from '../connectivity.ts';
import type { AttachedFile, AttachResult, DraftAttachment, DraftHandle, DraftStatus } from '../drafts.ts';
import { Listeners } from '../notices.ts';
import type { OutboxMemory } from '../outbox/outbox-memory.ts';
import type { ReplicaCore } from '../replica-core.ts';
import { isFull, StorageError } from '../storage/failure.ts';
import { Attaching } from './attaching.ts';
import { compactDocument, pendingTexts, readDocument } from './document-store.ts';
import { draftChanges, isDiscarded, type DraftRegisters } from './draft-registers.ts';
import type { LastWords } from './last-words.ts';
import type { LiveChannels } from './live-channels.ts';
import { joinLive, type LiveRoom } from './live-text.ts';
import { Saver } from './saver.ts';

/** Marks what came out of storage, so that it is not saved again as an edit of ours. */
const fromStorage = Symbol('from storage');

/** Merges Yjs updates; the same result whatever their order. */
export function mergeUpdates(updates: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
	return new Uint8Array(Y.mergeUpdates([...updates]));
}

/** How much of a document these updates hold, as Yjs counts it: a state vector. */
export function vectorOf(updates: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
	return new Uint8Array(Y.encodeStateVectorFromUpdate(mergeUpdates(updates)));
}

/** Whether these updates hold something that was not in the document when it was so much. */
export function holdMoreThan(updates: readonly Uint8Array[], vector: Uint8Array): boolean {
	const before = Y.decodeStateVector(vector);
	const now = Y.decodeStateVector(vectorOf(updates));
	return [...now].some(([client, clock]) => clock > (before.get(client) ?? 0));
}

/** What the list of drafts says of a document. */
export function registersOf(draft: Y.Doc, savedAt: number): DraftRegisters {
	const everyone = (['to', 'cc', 'bcc'] as const).flatMap((field) => recipientsOf(draft, field));
	return {
		to: everyone
			.slice(0, 20)
			.map(({ name, address }) => (name === '' ? address : name))
			.join(', ')
			.slice(0, 1000),
		subject: subjectOf(draft),
		snippet: snippetOf(draft),
		attachments: attachmentsOf(draft).length,
		savedAt
	};
}

/** The same of a document's state. */
export function registersIn(state: Uint8Array, savedAt: number): DraftRegisters {
	const document = new Y.Doc();
	Y.applyUpdate(document, state);
	const registers = registersOf(document, savedAt);
	document.destroy();
	return registers;
}

/** A document whose client id comes from the injected chance. */
export function newDocument(core: ReplicaCore): Y.Doc {
	const document = new Y.Doc();
	const [first = 0, second = 0, third = 0, fourth = 0] = core.random(4);
	document.clientID = ((first << 24) | (second << 16) | (third << 8) | fourth) >>> 0;
	return document;
}

export interface OpenDraftParts {
	readonly core: ReplicaCore;
	readonly outbox: OutboxMemory;
	readonly live: LiveChannels;
	readonly lastWords: LastWords | undefined;
	readonly refusals: () => readonly RefusedChange[];
	readonly closed: () => void;
}

/** A draft under the editor's hands: saves what is written, takes in what others wrote. */
export class OpenDraft implements DraftHandle {
	readonly id: DocumentId;
	readonly doc: Y.Doc;
	readonly awareness: Awareness;
	readonly #parts: OpenDraftParts;
	readonly #listeners = new Listeners<void>();
	readonly #saver: Saver;
	readonly #room: LiveRoom;
	readonly #attaching: Attaching;
	readonly #ends: readonly (() => void)[];
	#edits: Uint8Array[] = [];
	/** Edits in a transaction that has not committed yet. */
	#saving: readonly Uint8Array[] = [];
	#keptWords: readonly string[] = [];
	#holders = 0;
	/** Everybody who held the draft has closed it. */
	#isLeft = false;
	#isEnded = false;
	#compacting: Promise<unknown> = Promise.resolve();
	#isDiskFull = false;

	constructor(id: DocumentId, updates: readonly Uint8Array[], parts: OpenDraftParts) {
		this.id = id;
		this.#parts = parts;
		this.doc = newDocument(parts.core);
		this.awareness = new Awareness(this.doc);
		this.#takeIn(updates);
		this.#saver = new Saver(parts.core.clock, async () => {
			const isSaved = await this.#save();
			if (isSaved && this.#isLeft) this.#end();
			return isSaved;
		});
		this.doc.on('update', (update: Uint8Array, origin: unknown) => this.#edited(update, origin));
		this.#attaching = new Attaching({
			core: parts.core,
			outbox: parts.outbox,
			document: id,
			doc: this.doc,
			save: () => this.save(),
			changed: () => this.#listeners.tell()
		});
		this.#room = joinLive(parts.live, id, this.doc, this.awareness);
		this.#ends = [
			parts.core.notices.add((notice) => {
				if (notice.kind === 'pending' || notice.kind === 'refusals') this.#listeners.tell();
				if (notice.kind !== 'documents') return;
				if (notice.documents === 'all' || notice.documents.includes(id)) void this.#readAgain();
			}),
			parts.outbox.changes.add(() => this.#listeners.tell())
		];
	}

	status(): DraftStatus {
		const { core, refusals } = this.#parts;
		if (this.#isDiskFull) return { kind: 'unsaved' };
		if (this.#edits.length > 0 || this.#saving.length > 0) return { kind: 'changed' };
		if (pendingTexts(core, this.id).length > 0) return { kind: 'saved-here' };
		const refusal = refusals().findLast(({ about }) => about.kind === 'text' && about.document === this.id);
		return refusal === undefined ? { kind: 'saved' } : { kind: 'refused', code: refusal.code };
	}

	attachments(): readonly DraftAttachment[] {
		const { outbox } = this.#parts;
		const listed = attachmentsOf(this.doc).map((row): DraftAttachment => {
			// One that another device attached is the server's already.
			const state = outbox.attachments.get(row.id)?.state ?? { kind: 'uploaded' as const };
			const sent = outbox.progressOf(row.id);
			const isUploading = state.kind === 'waiting' && sent !== undefined;
			return { ...row, state: isUploading ? { kind: 'uploading', sent } : state };
		});
		return [...listed, ...this.#attaching.rows()];
	}

	subscribe(listener: () => void): () => void {
		return this.#listeners.add(listener);
	}

	save(): Promise<boolean> {
		return this.#saver.flush();
	}

	attach(file: AttachedFile): Promise<AttachResult> {
		return this.#attaching.attach(file);
	}

	async detach(id: AttachmentId): Promise<void> {
		if (this.#attaching.cancel(id)) return;
		removeAttachment(this.doc, id);
		await this.save();
		await this.#attaching.remove(id);
	}

	/** Waits for the files that are being attached, and saves; false where that can't be kept. */
	async settle(): Promise<boolean> {
		await this.#attaching.settled();
		return this.save();
	}

	/** The page may be put away before anything more is committed: keeps aside what is not, and saves. */
	keepLastWords(): void {
		const { lastWords } = this.#parts;
		const unsaved = [...this.#saving, ...this.#edits];
		if (unsaved.length === 0) return;
		if (lastWords !== undefined)
			this.#keptWords = [...this.#keptWords, lastWords.keep(this.id, mergeUpdates(unsaved))];
		void this.save();
	}

	/** One more holds the draft; it is let go of when as many have closed it. */
	hold(): void {
		this.#holders += 1;
		this.#isLeft = false;
	}

	async close(): Promise<void> {
		this.#holders -= 1;
		await this.#attaching.settled();
		this.#isLeft = this.#holders === 0;
		await this.save();
		await this.#compacting;
	}

	/** Lets go of the document, once nobody holds it and everything is saved. */
	#end(): void {
		if (this.#isEnded) return;
		this.#isEnded = true;
		this.#attaching.end();
		this.#saver.stop();
		for (const end of this.#ends) end();
		this.#room.leave();
		this.awareness.destroy();
		this.doc.destroy();
		this.#parts.closed();
		this.#compacting = this.#parts.core.inBackground(() =>
			compactDocument(this.#parts.core, this.id, Y.mergeUpdates)
		);
	}

	#edited(update: Uint8Array, origin: unknown): void {
		// What came by storage or by the live channel is an edit of somebody else, or already saved.
		if (origin === fromStorage || origin === this.#room.origin) return;
		this.#edits.push(update);
		this.#saver.edited();
		this.#listeners.tell();
	}

	/** Commits what was edited; false where storage does not take it. */
	async #save(): Promise<boolean> {
		const edits = this.#edits;
		const words = this.#keptWords;
		if (edits.length === 0) {
			this.#dropLastWords(words);
			return true;
		}
		const { core } = this.#parts;
		this.#edits = [];
		this.#saving = edits;
		const registers = registersOf(this.doc, core.clock.now());
		const { subjects } = core.memory;
		const rows = draftChanges(subjects, this.id, {
			...registers,
			...(isDiscarded(subjects, this.id) ? { deleted: false } : {})
		});
		try {
			await writeChanges(core, [{ kind: 'text', document: this.id, update: mergeUpdates(edits) }, ...rows], {
				mergeText: mergeUpdates
			});
			this.#isDiskFull = false;
			this.#dropLastWords(words);
			return true;
		} catch (error) {
			if (!(error instanceof StorageError)) throw error;
			this.#edits = [...edits, ...this.#edits];
			this.#isDiskFull = isFull(error);
			if (error.kind === 'broken') core.faults.tell(error);
			// The session is over: there is nothing left to save into.
			return error.kind === 'closed';
		} finally {
			this.#saving = [];
			this.#listeners.tell();
		}
	}

	#dropLastWords(ids: readonly string[]): void {
		this.#parts.lastWords?.drop(ids);
		this.#keptWords = this.#keptWords.filter((id) => !ids.includes(id));
	}

	async #readAgain(): Promise<void> {
		await this.#parts.core.inBackground(async () => {
			this.#takeIn(await readDocument(this.#parts.core, this.id));
		});
		this.#listeners.tell();
	}

	#takeIn(updates: readonly Uint8Array[]): void {
		if (updates.length > 0) Y.applyUpdate(this.doc, Y.mergeUpdates([...updates]), fromStorage);
	}
}
