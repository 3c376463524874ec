import * as Y from 'yjs';
import type { AttachmentId, DocumentId } from '#schema/ids.ts';

/** A file as a person attached it. */
interface AttachedBytes {
	readonly id: AttachmentId;
	readonly bytes: Uint8Array;
}

/** What was done with one draft, and acknowledged to a person. */
interface DraftStory {
	readonly words: string[];
	readonly files: AttachedBytes[];
	readonly detaching: Set<AttachmentId>;
	readonly detached: Set<AttachmentId>;
	/** What the device knew that threw it away: words and files, each time. */
	readonly discards: ReadonlySet<string>[];
	/** Words and files that a device had written which later threw the draft away. */
	readonly thrownAway: Set<string>;
	/** Which device wrote what. */
	readonly authors: Map<string, string>;
	/** Devices that did anything with it. */
	readonly devices: Set<string>;
	/** What was done last. */
	last: 'written' | 'discarded' | 'restored';
	isSent: boolean;
}

/** Words and ids of files in a document. */
interface DraftContent {
	readonly words: readonly string[];
	readonly files: readonly string[];
}

/** What these updates make of a document. */
export function inDocument(updates: readonly Uint8Array[]): DraftContent {
	const document = new Y.Doc();
	for (const update of updates) Y.applyUpdate(document, update);
	const words = document.getArray<string>('words').toArray();
	const files = document
		.getArray<{ readonly id: string }>('attachments')
		.toArray()
		.map(({ id }) => id);
	document.destroy();
	return { words, files };
}

/** A device by its name, however often its database was rebuilt. */
function nameOf(identity: string): string {
	return identity.split('/')[0] ?? identity;
}

/** Remembers what people did with drafts, to say in the end whether something of it was lost. */
export class DraftWitness {
	readonly #stories = new Map<DocumentId, DraftStory>();

	documents(): readonly DocumentId[] {
		return [...this.#stories.keys()];
	}

	typed(id: DocumentId, word: string, device: string): void {
		const story = this.#written(id, device);
		story.words.push(word);
		story.authors.set(word, nameOf(device));
	}

	attached(id: DocumentId, file: AttachmentId, bytes: Uint8Array, device: string): void {
		const story = this.#written(id, device);
		story.files.push({ id: file, bytes });
		story.authors.set(file, nameOf(device));
	}

	/** It may come out from now on. */
	detaching(id: DocumentId, file: AttachmentId, device: string): void {
		this.#written(id, device).detaching.add(file);
	}

	detached(id: DocumentId, file: AttachmentId, device: string): void {
		this.#written(id, device).detached.add(file);
	}

	sent(id: DocumentId, device: string): void {
		this.#written(id, device).isSent = true;
	}

	/** A device threw a draft away that knew so much of it. */
	discarded(id: DocumentId, { words, files }: DraftContent, device: string): void {
		const story = this.#story(id, device);
		story.discards.push(new Set([...words, ...files]));
		for (const piece of [...words, ...files]) story.thrownAway.add(piece);
		for (const [piece, author] of story.authors) if (author === nameOf(device)) story.thrownAway.add(piece);
		story.last = 'discarded';
	}

	restored(id: DocumentId, device: string): void {
		this.#story(id, device).last = 'restored';
	}

	wasDiscarded(id: DocumentId): boolean {
		return (this.#stories.get(id)?.discards.length ?? 0) > 0;
	}

	wasSent(id: DocumentId): boolean {
		return this.#stories.get(id)?.isSent === true;
	}

	/** The bytes of every file that was attached and not taken out again. */
	files(id: DocumentId): readonly AttachedBytes[] {
		const { files, detaching } = this.#stories.get(id) ?? { files: [], detaching: new Set() };
		return files.filter((file) => !detaching.has(file.id));
	}

	/** What of a draft is lost or came back, given the words and files it ends with. */
	lost(id: DocumentId, pieces: readonly string[]): string[] {
		const story = this.#stories.get(id);
		if (story === undefined) return [];
		const words = story.words.filter((word) => !pieces.includes(word));
		const files = this.files(id).filter((file) => !pieces.includes(file.id));
		const left = [...story.detached].filter((file) => pieces.includes(file));
		return [
			...words.map((word) => `${word} is not in ${id}`),
			...files.map((file) => `file ${file.id} is not in ${id}`),
			...left.map((file) => `file ${file}, taken out, is in ${id}`)
		];
	}

	/**
	 * Whether a draft is listed, or gone, that should not be. Gone for good it may be only if somebody threw it
	 * away who knew everything that was written; where one device alone had to do with it, what it did last decides.
	 */
	mislisted(id: DocumentId, isDeleted: boolean): string[] {
		const story = this.#stories.get(id);
		if (story === undefined || story.isSent) return [];
		const { words, files, detaching, discards, devices, last } = story;
		const ids = files.map((file) => file.id).filter((file) => !detaching.has(file));
		const isKnown = discards.some((known) => [...words, ...ids].every((piece) => known.has(piece)));
		if (isDeleted && !isKnown) return [`${id} is gone, and nobody threw all of it away`];
		if (devices.size > 1 || isDeleted === (last === 'discarded')) return [];
		return [`${id} is ${isDeleted ? 'gone' : 'listed'}, and was ${last} last`];
	}

	/** What of a draft that is gone nobody threw away, neither knowing of it nor having written it. */
	notThrownAway(id: DocumentId): string[] {
		const story = this.#stories.get(id);
		if (story === undefined || story.isSent) return [];
		const pieces = [...story.words, ...this.files(id).map((file) => file.id)];
		return pieces.filter((piece) => !story.thrownAway.has(piece));
	}

	#written(id: DocumentId, device: string): DraftStory {
		const story = this.#story(id, device);
		story.last = 'written';
		return story;
	}

	#story(id: DocumentId, device: string): DraftStory {
		const story = this.#stories.get(id) ?? {
			words: [],
			files: [],
			detaching: new Set(),
			detached: new Set(),
			discards: [],
			thrownAway: new Set(),
			authors: new Map(),
			devices: new Set(),
			last: 'written',
			isSent: false
		};
		this.#stories.set(id, story);
		story.devices.add(device);
		return story;
	}
}
