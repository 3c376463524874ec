import type { MailView, MessageState } from '#lib/projection/mail-projection.ts';
import type { MailReads } from '../mail-reads.ts';
import { Selection } from '../selection.svelte.ts';

/** What the select menu can choose. */
export const selectKinds = ['all', 'unread', 'read', 'followup', 'done', 'attachments'] as const;
export type SelectKind = (typeof selectKinds)[number];

const matches: Record<SelectKind, (state: MessageState) => boolean> = {
	all: () => true,
	unread: (state) => !state.seen,
	read: (state) => state.seen,
	followup: (state) => state.flagged,
	done: (state) => state.done,
	attachments: (state) => state.hasAttachments
};

/** One folder's list: its order, the cursor of the keyboard, and the selection. */
export class MailList {
	readonly view: MailView;
	readonly reads: MailReads;
	readonly selection = new Selection();
	#cursor = $state.raw<number | null>(null);
	/** Where the cursor stood, so that it stays in place when its message leaves the list. */
	#cursorIndex = 0;

	constructor(reads: MailReads, view: MailView) {
		this.reads = reads;
		this.view = view;
	}

	get order(): Uint32Array {
		return this.reads.order(this.view);
	}

	/** The message the keyboard is on; null in an empty list, or before a key was pressed. */
	get cursor(): number | null {
		return this.#cursor;
	}

	setCursor(arrival: number | null): void {
		this.#cursor = arrival;
		if (arrival !== null) this.#cursorIndex = Math.max(0, this.order.indexOf(arrival));
	}

	/** The message that stands so many rows further; stops at either end. Null in an empty list. */
	neighbour(arrival: number | null, by: number): number | null {
		const { order } = this;
		if (order.length === 0) return null;
		const listed = arrival === null ? -1 : order.indexOf(arrival);
		const from = listed >= 0 ? listed : arrival === null ? -1 : this.#cursorIndex - Math.sign(by);
		const index = Math.max(0, Math.min(order.length - 1, from + by));
		return order[index] ?? null;
	}

	/** What to show when these leave the list: the next row that stays, else the one before. */
	afterRemoving(arrivals: ReadonlySet<number>, from: number): number | null {
		const { order } = this;
		const index = order.indexOf(from);
		for (let place = index + 1; place < order.length; place += 1) {
			const candidate = order[place];
			if (candidate !== undefined && !arrivals.has(candidate)) return candidate;
		}
		for (let place = index - 1; place >= 0; place -= 1) {
			const candidate = order[place];
			if (candidate !== undefined && !arrivals.has(candidate)) return candidate;
		}
		return null;
	}

	/** Selects all messages of a kind in the whole folder. */
	select(kind: SelectKind): void {
		const wanted = matches[kind];
		const { reads, order } = this;
		this.selection.set(
			kind === 'all'
				? order
				: order.filter((arrival) => {
						const state = reads.state(arrival);
						return state !== undefined && wanted(state);
					})
		);
	}
}
