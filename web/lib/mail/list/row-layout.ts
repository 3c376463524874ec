/** A heading over a run of rows: it stands above the row with this index. */
export interface Heading<Key> {
	readonly key: Key;
	/** Index of the first row of the run. */
	readonly first: number;
}

/** Heights in CSS pixels; all rows are equally high, and so are all headings. */
export interface RowHeights {
	readonly row: number;
	readonly heading: number;
}

/** What lies within a stretch of the list: rows `first` to `last` (exclusive), headings by their place. */
export interface Stretch {
	readonly first: number;
	readonly last: number;
	readonly firstHeading: number;
	readonly lastHeading: number;
}

/**
 * Where rows and headings of a list stand. Everything is arithmetic over a few headings, so a list of a
 * hundred thousand rows is laid out, and jumped about in, without touching its rows.
 */
export class RowLayout<Key> {
	readonly #count: number;
	readonly headings: readonly Heading<Key>[];
	readonly #heights: RowHeights;

	/** `headings` ascend by `first`; the first one, if there is any, stands over row 0. */
	constructor(count: number, headings: readonly Heading<Key>[], heights: RowHeights) {
		this.#count = count;
		this.headings = headings;
		this.#heights = heights;
	}

	/** Height of the whole list. */
	get height(): number {
		return this.#count * this.#heights.row + this.headings.length * this.#heights.heading;
	}

	/** Top edge of a row. */
	topOf(index: number): number {
		return index * this.#heights.row + this.#headingsUpTo(index) * this.#heights.heading;
	}

	/** Top edge of the heading with this place among the headings. */
	topOfHeading(place: number): number {
		const first = this.headings[place]?.first ?? 0;
		return first * this.#heights.row + place * this.#heights.heading;
	}

	/** The row at a height of the list; the nearest one where there is a heading or nothing. */
	indexAt(height: number): number {
		let low = 0;
		let high = this.#count - 1;
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			if (this.topOf(middle) <= height) low = middle;
			else high = middle - 1;
		}
		return Math.max(0, low);
	}

	/** What a window of the list shows, with `extra` rows above and below it. */
	stretch(top: number, height: number, extra: number): Stretch {
		if (this.#count === 0) return { first: 0, last: 0, firstHeading: 0, lastHeading: 0 };
		const first = Math.max(0, this.indexAt(top) - extra);
		const last = Math.min(this.#count, this.indexAt(top + height) + extra + 1);
		const firstHeading = Math.max(0, this.#headingsUpTo(first) - 1);
		return { first, last, firstHeading, lastHeading: this.#headingsUpTo(last - 1) };
	}

	/** How many headings stand above or over this row. */
	#headingsUpTo(index: number): number {
		let low = 0;
		let high = this.headings.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.headings[middle]?.first ?? Infinity) <= index) low = middle + 1;
			else high = middle;
		}
		return low;
	}
}
