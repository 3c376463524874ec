import { keywordViews, systemMailbox, type KeywordView } from '#schema/mail/mailbox.ts';
import type { Counter } from '#schema/space/entry.ts';
import { blockSize, flagBits, keywordBit, type ColumnBlock } from './column-block.ts';
import type { MailboxDictionary } from './mailbox-dictionary.ts';

const views = Object.entries(keywordViews).map(([view, keyword]) => ({
	view: view as KeywordView,
	bit: keywordBit(keyword)
}));
const seenBit = keywordBit('$seen');
const anyViewBit = views.reduce((bits, { bit }) => bits | bit, 0);
const presence = flagBits.held | flagBits.withdrawn;

/**
 * Adds up totals and unread of mailboxes and views, message by message. Numbers lie in flat arrays, so
 * that 100,000 messages are counted well within a frame.
 */
export class Tally {
	readonly #dictionary: MailboxDictionary;
	/** By number of the mailbox, then by place of the view: total, unread. */
	#numbers: Float64Array;
	readonly #hidden: ReadonlySet<number>;

	constructor(dictionary: MailboxDictionary) {
		this.#dictionary = dictionary;
		this.#numbers = new Float64Array(2 * (dictionary.ids.length + views.length));
		const hidden = [systemMailbox('trash'), systemMailbox('junk')];
		this.#hidden = new Set(
			hidden.map((id) => dictionary.numberOf(id)).filter((number) => number !== undefined)
		);
	}

	/** Counts a message in, or with `times` of -1 out. One that is not present counts nothing. */
	add(flags: number, mailbox: number, times: 1 | -1 = 1): void {
		if ((flags & presence) !== flagBits.held) return;
		const unread = (flags & seenBit) === 0 ? times : 0;
		this.#add(mailbox, times, unread);
		if ((flags & anyViewBit) === 0 || this.#hidden.has(mailbox)) return;
		for (let view = 0; view < views.length; view += 1) {
			if ((flags & (views[view]?.bit ?? 0)) !== 0)
				this.#add(this.#dictionary.ids.length + view, times, unread);
		}
	}

	/** Counts a whole block in. */
	addBlock({ flags, mailboxes }: ColumnBlock): void {
		for (let place = 0; place < blockSize; place += 1) this.add(flags[place] ?? 0, mailboxes[place] ?? 0);
	}

	/** The totals by mailbox id and by view; those of nothing are left out. */
	counters(): Record<string, Counter> {
		const names: readonly string[] = [...this.#dictionary.ids, ...views.map(({ view }) => view)];
		const counters: Record<string, Counter> = {};
		names.forEach((name, index) => {
			const total = this.#numbers[2 * index] ?? 0;
			const unread = this.#numbers[2 * index + 1] ?? 0;
			if (total !== 0 || unread !== 0) counters[name] = { total, unread };
		});
		return counters;
	}

	/** How many messages were counted in, each once: those of all mailboxes. */
	present(): number {
		let sum = 0;
		for (let index = 0; index < this.#dictionary.ids.length; index += 1) sum += this.#numbers[2 * index] ?? 0;
		return sum;
	}

	#add(index: number, total: number, unread: number): void {
		this.#numbers[2 * index] = (this.#numbers[2 * index] ?? 0) + total;
		this.#numbers[2 * index + 1] = (this.#numbers[2 * index + 1] ?? 0) + unread;
	}
}

/** Adds totals name by name. */
export function addCounters(
	left: Readonly<Record<string, Counter>>,
	right: Readonly<Record<string, Counter>>,
	times: 1 | -1 = 1
): Record<string, Counter> {
	const sum: Record<string, Counter> = { ...left };
	for (const [name, { total, unread }] of Object.entries(right)) {
		const before = sum[name] ?? { total: 0, unread: 0 };
		sum[name] = { total: before.total + times * total, unread: before.unread + times * unread };
	}
	return sum;
}
