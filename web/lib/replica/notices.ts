import type { Ranges } from '#schema/docs/ranges.ts';
import type { DocumentId } from '#schema/ids.ts';

/**
 * What changed in this tab's replica. `messages`: effective state of these, or of any. `subjects`: registers
 * of these. `documents`: updates of these came from elsewhere. `edited`: another device wrote on these. The others say only that something did.
 */
export type ReplicaNotice =
	| { readonly kind: 'messages'; readonly arrivals: Ranges | 'all' }
	| { readonly kind: 'subjects'; readonly subjects: readonly string[] }
	| { readonly kind: 'documents'; readonly documents: readonly DocumentId[] | 'all' }
	| { readonly kind: 'edited'; readonly documents: readonly DocumentId[] }
	| { readonly kind: 'facts' }
	| { readonly kind: 'pending' }
	| { readonly kind: 'outbox' }
	| { readonly kind: 'attachments' }
	| { readonly kind: 'backfill' }
	| { readonly kind: 'refusals' };

/** A list of those who want to hear; one that leaves while it is told hears no more. */
export class Listeners<Notice> {
	readonly #listeners = new Set<(notice: Notice) => void>();

	/** Adds one; returns its end. */
	add(listener: (notice: Notice) => void): () => void {
		const own = (notice: Notice) => listener(notice);
		this.#listeners.add(own);
		return () => this.#listeners.delete(own);
	}

	tell(notice: Notice): void {
		for (const listener of [...this.#listeners]) if (this.#listeners.has(listener)) listener(notice);
	}

	clear(): void {
		this.#listeners.clear();
	}
}
