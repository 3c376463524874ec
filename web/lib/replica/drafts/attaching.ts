import type * as Y from 'yjs';
import { addAttachment, attachmentsOf, type AttachmentRow } from '#schema/docs/draft.ts';
import { unwantPart, wantedOf } from '#schema/docs/draft-original.ts';
import { newId, type AttachmentId, type DocumentId } from '#schema/ids.ts';
import { mediaType } from '#schema/mail/media-type.ts';
import { submissionLimits } from '#schema/mail/submission.ts';
import type { AttachedFile, AttachRefusal, AttachResult, DraftAttachment } from '../drafts.ts';
import { attachmentKey } from '../outbox/uploader.ts';
import type { OutboxMemory } from '../outbox/outbox-memory.ts';
import type { ReplicaCore } from '../replica-core.ts';
import { isFull } from '../storage/failure.ts';

interface FileUnderWay {
	readonly row: AttachmentRow;
	readonly file: AttachedFile;
	readonly cancelling: PromiseWithResolvers<'cancelled'>;
	isCancelled: boolean;
}

export interface AttachingParts {
	readonly core: ReplicaCore;
	readonly outbox: OutboxMemory;
	readonly document: DocumentId;
	readonly doc: Y.Doc;
	save(): Promise<unknown>;
	/** Something is under way, or not any more. */
	changed(): void;
}

const refused = (code: AttachRefusal): AttachResult => ({ kind: 'refused', code });

/** Files on their way into a draft: read and committed one after the other, then listed in its document. */
export class Attaching {
	readonly #parts: AttachingParts;
	readonly #underWay = new Map<AttachmentId, FileUnderWay>();
	#turn: Promise<unknown> = Promise.resolve();
	#isEnded = false;

	constructor(parts: AttachingParts) {
		this.#parts = parts;
	}

	/** The files that the document does not list yet, neither as attached nor as wanted. */
	rows(): DraftAttachment[] {
		const files = [...this.#underWay.values()].filter(({ file }) => file.wanted === undefined);
		return files.map(({ row }) => ({ ...row, state: { kind: 'reading' } }));
	}

	async attach(file: AttachedFile): Promise<AttachResult> {
		if (this.#isEnded) return refused('closed');
		const id: AttachmentId = newId(this.#parts.core.random);
		const row = { id, name: file.name.slice(0, 255), type: mediaType(file.type), size: file.blob.size };
		const underWay = { row, file, cancelling: Promise.withResolvers<'cancelled'>(), isCancelled: false };
		this.#underWay.set(id, underWay);
		this.#parts.changed();
		const bringing = this.#turn.then(() => this.#bring(underWay));
		this.#turn = bringing.catch(() => undefined);
		try {
			return await bringing;
		} finally {
			this.#forget(id);
		}
	}

	/** Ends the attaching of a file; false where the file is not under way. */
	cancel(id: AttachmentId): boolean {
		const underWay = this.#underWay.get(id);
		if (underWay === undefined) return false;
		underWay.isCancelled = true;
		underWay.cancelling.resolve('cancelled');
		this.#forget(id);
		return true;
	}

	/** Resolves when no file is under way. */
	async settled(): Promise<void> {
		for (let turn; turn !== this.#turn;) {
			turn = this.#turn;
			await turn;
		}
	}

	/** Nothing is attached any more. */
	end(): void {
		this.#isEnded = true;
	}

	async #bring(underWay: FileUnderWay): Promise<AttachResult> {
		const { row, file } = underWay;
		const { doc } = this.#parts;
		const present = attachmentsOf(doc);
		const total = present.reduce((sum, { size }) => sum + size, row.size);
		if (present.length >= submissionLimits.attachments) return refused('too-many');
		if (total > submissionLimits.attachmentBytes) return refused('too-large');
		const reading = file.blob.arrayBuffer().catch(() => 'unreadable' as const);
		const bytes = await Promise.race([reading, underWay.cancelling.promise]);
		if (bytes === 'unreadable') return refused('unreadable');
		if (bytes === 'cancelled') return { kind: 'cancelled' };
		try {
			await this.#keep(row, new Uint8Array(bytes));
		} catch (error) {
			if (isFull(error)) return refused('storage-full');
			throw error;
		}
		const { wanted } = file;
		const isUnwanted = wanted !== undefined && wantedOf(doc).every(({ section }) => section !== wanted);
		if (underWay.isCancelled || isUnwanted) {
			await this.remove(row.id);
			return { kind: 'cancelled' };
		}
		this.#underWay.delete(row.id);
		doc.transact(() => {
			if (wanted !== undefined) unwantPart(doc, wanted);
			addAttachment(doc, row);
		});
		await this.#parts.save();
		return { kind: 'attached', id: row.id };
	}

	async #keep(row: AttachmentRow, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
		const { core, outbox, document } = this.#parts;
		await core.commit(['attachments', 'blobs'], async (transaction) => {
			transaction.put('attachments', row.id, { ...row, document, state: { kind: 'waiting' } });
			transaction.put('blobs', attachmentKey(row), bytes);
		});
		core.tellTabs({ kind: 'attachments' });
		await outbox.load();
	}

	/** Removes what this device keeps of an attachment. */
	async remove(id: AttachmentId): Promise<void> {
		const { core, outbox } = this.#parts;
		await core.commit(['attachments', 'blobs'], async (transaction) => {
			transaction.delete('attachments', id);
			transaction.delete('blobs', attachmentKey({ id }));
		});
		core.tellTabs({ kind: 'attachments' });
		await outbox.load();
	}

	#forget(id: AttachmentId): void {
		if (this.#underWay.delete(id)) this.#parts.changed();
	}
}
