import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import type { AttachmentId, CommandId, DocumentId, SubmissionId } from '#schema/ids.ts';
import type { DraftSeed, LetterProblem } from '#schema/docs/draft.ts';
import type { RefusalCode } from '#schema/protocol/codes.ts';

/** A draft as a list shows it. */
export interface DraftRow {
	readonly id: DocumentId;
	/** Recipients as text, joined with commas; empty where there is none yet. */
	readonly to: string;
	readonly subject: string;
	readonly snippet: string;
	/** Milliseconds UTC, as the device that saved it believed. */
	readonly savedAt: number;
	readonly attachments: number;
	/** It waits in the outbox, or is held by the server; the list of drafts leaves it out. */
	readonly sending: boolean;
}

/**
 * How safe what was typed is. `changed`: only in this tab's memory. `saved-here`: committed on this device.
 * `saved`: committed on the server.
 */
export type DraftStatus =
	| { readonly kind: 'changed' }
	| { readonly kind: 'saved-here' }
	| { readonly kind: 'saved' }
	/** The device's disk is full. */
	| { readonly kind: 'unsaved' }
	| { readonly kind: 'refused'; readonly code: RefusalCode };

/** An attachment of a draft and how far it is. */
export interface DraftAttachment {
	readonly id: AttachmentId;
	readonly name: string;
	readonly type: string;
	readonly size: number;
	readonly state:
		/** It is being read, and is not on this device for good yet; detaching it ends that. */
		| { readonly kind: 'reading' }
		| { readonly kind: 'waiting' }
		| { readonly kind: 'uploading'; readonly sent: number }
		| { readonly kind: 'uploaded' }
		| { readonly kind: 'refused'; readonly code: RefusalCode };
}

/** Why a draft can't be sent as it is. */
export type SendProblem =
	| LetterProblem
	| 'attachment-refused'
	| 'already-sending'
	| 'unknown-draft'
	/** What was typed can't be kept on this device, so the letter would lack it. */
	| 'unsaved';

export type SendOutcome =
	| { readonly kind: 'queued'; readonly submission: SubmissionId; readonly command: CommandId }
	| { readonly kind: 'invalid'; readonly problems: readonly SendProblem[] };

/** A draft opened for writing. The editor works on `doc`; its changes are saved by themselves. */
export interface DraftHandle {
	readonly id: DocumentId;
	readonly doc: Y.Doc;
	/** Who else writes here and where their cursor is; it is live only while there is a connection. */
	readonly awareness: Awareness;
	status(): DraftStatus;
	attachments(): readonly DraftAttachment[];
	subscribe(listener: () => void): () => void;
	/** Saves now what was changed. True: committed on this device. False: it can't be kept, and is tried again. */
	save(): Promise<boolean>;
	/**
	 * Lists the file at once and keeps it on this device, one after the other; resolves when it is committed here.
	 * Sending and closing wait for it.
	 */
	attach(file: AttachedFile): Promise<AttachResult>;
	/** Takes an attachment out, also one that is still being read. */
	detach(id: AttachmentId): Promise<void>;
	/**
	 * Waits for the files under way, saves, and lets go of the document; what can't be kept yet is held on to
	 * until it can.
	 */
	close(): Promise<void>;
}

export interface AttachedFile {
	readonly name: string;
	readonly type: string;
	readonly blob: Blob;
	/** The wanted part of the answered message that it is; it is not attached where it is not wanted any more. */
	readonly wanted?: string;
}

/** Why a file was not attached. `unreadable`: the file itself; `closed`: the draft is not open any more. */
export type AttachRefusal = 'too-large' | 'too-many' | 'storage-full' | 'unreadable' | 'closed';

export type AttachResult =
	| { readonly kind: 'attached'; readonly id: AttachmentId }
	/** It was detached before it was here. */
	| { readonly kind: 'cancelled' }
	| { readonly kind: 'refused'; readonly code: AttachRefusal };

/** Drafts: text documents with a row of registers each. */
export interface Drafts {
	/** Told when a row may look different, or when more of a document has come. */
	subscribe(listener: () => void): () => void;
	/** Drafts that are neither deleted nor on their way, last saved first. */
	list(): readonly DraftRow[];
	row(id: DocumentId): DraftRow | undefined;
	/** Makes a draft and commits it on this device. */
	create(seed: DraftSeed): Promise<DocumentId>;
	/** Opens a draft; undefined where this device does not hold it. */
	open(id: DocumentId): Promise<DraftHandle | undefined>;
	/** How safe the drafts are that are open in this tab. */
	openStatuses(): readonly DraftStatus[];
	/** Removes a draft; {@link restore} brings it back. */
	discard(id: DocumentId): Promise<void>;
	restore(id: DocumentId): Promise<void>;
	/** Puts the draft into the outbox, with the files that are still being attached. */
	send(id: DocumentId): Promise<SendOutcome>;
}
