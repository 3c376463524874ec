import { eachInRanges, type Ranges } from '#schema/docs/ranges.ts';
import type { Counter } from '#schema/space/entry.ts';
import { blockOf, type ColumnBlock } from '#lib/replica/state/column-block.ts';
import type { MailboxDictionary } from '#lib/replica/state/mailbox-dictionary.ts';
import type { MessageColumns } from '#lib/replica/state/message-columns.ts';
import { addCounters, Tally } from '#lib/replica/state/tally.ts';
import type { BackfillRow } from '#lib/replica/storage/stores.ts';
import type { MailView } from './mail-projection.ts';
import {
	deciding,
	mailboxBit,
	membershipOf,
	orderOf,
	viewName,
	withMessage,
	withoutMessage
} from './orders.ts';
import { ShownColumns } from './shown-columns.ts';

/** Changes of membership above which an order is made anew when it is next asked for. */
const alteredInPlace = 64;

interface KeptOrder {
	readonly view: MailView;
	readonly order: Uint32Array;
}

const none: Counter = { total: 0, unread: 0 };

function isSame(left: Uint32Array, right: Uint32Array): boolean {
	if (left.length !== right.length) return false;
	for (let place = 0; place < left.length; place += 1) if (left[place] !== right[place]) return false;
	return true;
}

/** Orders and totals of all views, kept up with every change. */
export class MailLists {
	readonly #columns: MessageColumns;
	readonly #shown = new ShownColumns();
	#dictionary: MailboxDictionary;
	#tally: Tally;
	#counters: Readonly<Record<string, Counter>> | undefined;
	readonly #orders = new Map<string, KeptOrder>();
	/** Orders that may have changed, until they are asked for. */
	readonly #doubtful = new Map<string, Uint32Array>();

	constructor(columns: MessageColumns) {
		this.#columns = columns;
		this.#dictionary = columns.dictionary;
		this.#tally = new Tally(this.#dictionary);
		this.takeAll();
	}

	/** Makes everything anew from the columns as they are. */
	takeAll(): void {
		this.#dictionary = this.#columns.dictionary;
		this.#shown.reset(this.#columns.blocks);
		this.#tally = new Tally(this.#dictionary);
		for (const block of this.#columns.blocks.values()) this.#tally.addBlock(block);
		this.#counters = undefined;
		for (const [name, kept] of this.#orders) this.#doubt(name, kept);
	}

	/** Takes in what changed; true where an order or a total did. */
	take(arrivals: Ranges): boolean {
		if (this.#dictionary !== this.#columns.dictionary) {
			this.takeAll();
			return true;
		}
		const changed: number[] = [];
		/** All bits of flags that changed of any message. */
		let bits = 0;
		eachInRanges(arrivals, (arrival) => {
			const block = this.#columns.blocks.get(blockOf(arrival));
			const altered = block === undefined ? 0 : this.#takeOne(arrival, block);
			if (altered === 0) return;
			bits |= altered;
			if (changed.length <= alteredInPlace) changed.push(arrival);
		});
		if (bits === 0) return false;
		this.#counters = undefined;
		for (const [name, kept] of this.#orders) {
			if ((bits & deciding(kept.view)) === 0) continue;
			if (changed.length > alteredInPlace) this.#doubt(name, kept);
			else this.#alter(kept, changed);
		}
		return true;
	}

	order(view: MailView): Uint32Array {
		const name = viewName(view);
		const kept = this.#orders.get(name);
		if (kept !== undefined) return kept.order;
		const made = orderOf(this.#shown, membershipOf(view, this.#dictionary));
		const before = this.#doubtful.get(name);
		const order = before !== undefined && isSame(before, made) ? before : made;
		this.#doubtful.delete(name);
		this.#orders.set(name, { view, order });
		return order;
	}

	/**
	 * The totals of a view: of the columns once they are complete, until then the server's, moved by what
	 * changed here since.
	 */
	counter(view: MailView, backfill: BackfillRow | undefined): Counter {
		this.#counters ??= this.#tally.counters();
		const own = this.#counters[viewName(view)] ?? none;
		if (backfill === undefined || backfill.missing.length === 0) return own;
		const name = viewName(view);
		const moved = addCounters({ [name]: own }, { [name]: backfill.counted[name] ?? none }, -1);
		const sum = addCounters(moved, { [name]: backfill.counters[name] ?? none })[name] ?? none;
		return { total: Math.max(0, sum.total), unread: Math.max(0, sum.unread) };
	}

	/** How many messages there are in all mailboxes, of those this device holds. */
	get present(): number {
		return this.#tally.present();
	}

	/** The messages of a thread, oldest first. */
	threadMembers(thread: number): number[] {
		const members: number[] = [];
		for (const [number, { threads, flags }] of this.#columns.blocks) {
			for (let place = threads.indexOf(thread); place !== -1; place = threads.indexOf(thread, place + 1)) {
				const arrival = number * threads.length + place;
				if (this.#columns.row(arrival) !== undefined && flags[place] !== undefined) members.push(arrival);
			}
		}
		const { dates } = this.#shown;
		return members.sort((left, right) => (dates[left] ?? 0) - (dates[right] ?? 0) || left - right);
	}

	#doubt(name: string, { order }: KeptOrder): void {
		this.#doubtful.set(name, order);
		this.#orders.delete(name);
	}

	/** The bits of the message's flags that differ from what was shown, and {@link mailboxBit}. */
	#takeOne(arrival: number, block: ColumnBlock): number {
		const flags = this.#shown.flags[arrival] ?? 0;
		const mailbox = this.#shown.mailboxes[arrival] ?? 0;
		this.#shown.take(arrival, block);
		const flagsNow = this.#shown.flags[arrival] ?? 0;
		const mailboxNow = this.#shown.mailboxes[arrival] ?? 0;
		if (flags === flagsNow && mailbox === mailboxNow) return 0;
		this.#tally.add(flags, mailbox, -1);
		this.#tally.add(flagsNow, mailboxNow);
		return (flags ^ flagsNow) | (mailbox === mailboxNow ? 0 : mailboxBit);
	}

	#alter(kept: KeptOrder, moved: readonly number[]): void {
		const isMember = membershipOf(kept.view, this.#dictionary);
		const { flags, mailboxes, dates } = this.#shown;
		let { order } = kept;
		for (const arrival of moved) {
			order = isMember(flags[arrival] ?? 0, mailboxes[arrival] ?? 0)
				? withMessage(order, dates, arrival)
				: withoutMessage(order, dates, arrival);
		}
		if (order !== kept.order) this.#orders.set(viewName(kept.view), { view: kept.view, order });
	}
}
