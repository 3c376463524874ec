/**
 * Where the focus goes when its row left the list: to the next row that stayed, else to the one before. Null where
 * none of those that were shown around it stayed.
 *
 * @param before the rows that were shown, in their order
 * @param now the rows that are shown
 */
export function rowAfterLeaving(
	before: readonly number[],
	now: readonly number[],
	left: number
): number | null {
	const place = before.indexOf(left);
	const nearest = [...before.slice(place + 1), ...before.slice(0, Math.max(0, place)).reverse()];
	return nearest.find((arrival) => now.includes(arrival)) ?? null;
}

/** Moves the focus to a row before the next frame; to the list itself where the row is not on the page. */
function focusSoon(pane: HTMLElement, arrival: number | null, isWanted: () => boolean): void {
	requestAnimationFrame(() => {
		if (!isWanted()) return;
		const row = pane.querySelector<HTMLElement>(`[data-arrival="${arrival ?? ''}"]`);
		(row ?? pane).focus({ preventScroll: true });
	});
}

const nothingFocused = () => document.activeElement === document.body;

/** Whether the focus may be taken: it is in the list or nowhere. */
const isFree = (pane: HTMLElement) => nothingFocused() || pane.contains(document.activeElement);

/**
 * The focus in a list whose elements show other rows when theirs went: it does not go with the element. It follows
 * its row, goes on to the next where its row left the list, and rests on the list itself where its row is only out
 * of sight.
 */
export class RowFocus {
	#row: number | null = null;
	/** The rows that were shown when they were last looked at. */
	#around: readonly number[] = [];

	/** Another list is shown: none of its rows comes after those of the old one. */
	forgetRows(): void {
		this.#around = [];
	}

	/** The focus came to something in the list; answers in which row that is. */
	came({ target }: FocusEvent): number | null {
		const row = target instanceof Element ? target.closest<HTMLElement>('[data-arrival]') : null;
		this.#row = row === null ? null : Number(row.dataset['arrival']);
		return this.#row;
	}

	/** The focus went. A row that is taken off the page loses it to nothing; that is not leaving the list. */
	went({ currentTarget, relatedTarget }: FocusEvent): void {
		const isInside = currentTarget instanceof Node && currentTarget.contains(relatedTarget as Node | null);
		if (relatedTarget !== null && !isInside) this.#row = null;
	}

	/** Brings the focus to a row, where it is in the list or nowhere. */
	moveTo(pane: HTMLElement, arrival: number): void {
		focusSoon(pane, arrival, () => isFree(pane));
	}

	/** Called when the elements show these rows. */
	follow(pane: HTMLElement, rows: readonly number[], order: Uint32Array): void {
		const before = this.#around;
		const row = this.#row;
		this.#around = rows;
		if (row === null) return;
		const stays = rows.includes(row);
		if (stays && !nothingFocused()) return;
		this.#row = stays ? row : null;
		const wanted = stays || order.includes(row) ? row : rowAfterLeaving(before, rows, row);
		focusSoon(pane, wanted, () => isFree(pane));
	}
}
