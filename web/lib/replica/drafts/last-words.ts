import * as v from 'valibot';
import { isId, newId, type DocumentId, type RandomBytes } from '#schema/ids.ts';
import type { KeptTexts } from '../../platform/environment.ts';
import { writeChanges } from '../changes/write.ts';
import type { ReplicaCore } from '../replica-core.ts';
import { readDocument } from './document-store.ts';
import { draftChanges } from './draft-registers.ts';

/** The one text they are kept under. */
const name = 'hongyan.last-words';

/** What a tab typed into a draft and had not saved when its page was put away. */
interface Words {
	readonly id: string;
	readonly document: DocumentId;
	readonly update: Uint8Array<ArrayBuffer>;
}

const wordsShape = v.array(
	v.object({
		id: v.string(),
		document: v.pipe(
			v.string(),
			v.check((id) => isId(id))
		),
		update: v.string()
	})
);

function toText(bytes: Uint8Array): string {
	return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function fromText(text: string): Uint8Array<ArrayBuffer> {
	return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

function readWords(kept: KeptTexts): Words[] {
	try {
		const rows = v.parse(wordsShape, JSON.parse(kept.getItem(name) ?? '[]'));
		return rows.map((row) => ({
			id: row.id,
			document: row.document as DocumentId,
			update: fromText(row.update)
		}));
	} catch {
		// Not what was put there; nothing can be read out of it.
		return [];
	}
}

/** Forgets everybody's; part of signing out. */
export function forgetLastWords(kept: KeptTexts): void {
	kept.removeItem(name);
}

/**
 * Edits that no transaction holds yet, kept when the page is put away: a transaction begun then never commits,
 * a small text is still written. The next tab takes them into its drafts.
 */
export class LastWords {
	readonly #kept: KeptTexts;
	readonly #random: RandomBytes;

	constructor(kept: KeptTexts, random: RandomBytes) {
		this.#kept = kept;
		this.#random = random;
	}

	/** Keeps an edit (a Yjs update) of a draft, before it returns; answers the id it is dropped by. */
	keep(document: DocumentId, update: Uint8Array<ArrayBuffer>): string {
		const id = newId(this.#random);
		this.#write([...readWords(this.#kept), { id, document, update }]);
		return id;
	}

	/** Lets go of what was saved since. */
	drop(ids: readonly string[]): void {
		if (ids.length > 0) this.#write(readWords(this.#kept).filter((words) => !ids.includes(words.id)));
	}

	/**
	 * Saves what tabs before this one left. A draft that is gone takes its last words with it; one that has yet to
	 * come, as after a repair of the database, leaves them for the next time.
	 */
	async takeIn(core: ReplicaCore): Promise<void> {
		for (const { id, document, update } of readWords(this.#kept)) {
			const held = await readDocument(core, document);
			if (held.length === 0 && core.memory.head === undefined) continue;
			if (held.length > 0) {
				const { mergeUpdates, registersIn } = await import('./open-draft.ts');
				const rows = registersIn(mergeUpdates([...held, update]), core.clock.now());
				await writeChanges(
					core,
					[{ kind: 'text', document, update }, ...draftChanges(core.memory.subjects, document, rows)],
					{ mergeText: mergeUpdates }
				);
				core.notices.tell({ kind: 'documents', documents: [document] });
			}
			this.drop([id]);
		}
	}

	#write(words: readonly Words[]): void {
		if (words.length === 0) {
			this.#kept.removeItem(name);
			return;
		}
		const rows = words.map(({ update, ...row }) => ({ ...row, update: toText(update) }));
		try {
			this.#kept.setItem(name, JSON.stringify(rows));
		} catch (error) {
			// The browser keeps a few megabytes; beyond them the ordinary save is all there is.
			if (!(error instanceof DOMException)) throw error;
		}
	}
}
