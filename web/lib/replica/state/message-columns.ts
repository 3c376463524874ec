import { appendToRanges, eachRun, eachRunBetween, type Ranges } from '#schema/docs/ranges.ts';
import type { RegisterValue } from '#schema/docs/registers.ts';
import type { MailboxId } from '#schema/ids.ts';
import type { MessageField } from '#schema/mail/message.ts';
import {
	blockOf,
	blockSize,
	columnBlock,
	copyOfBlock,
	flagBits,
	isPresent,
	keywordBit,
	type ColumnBlock
} from './column-block.ts';
import { inKeyOrder } from './key-order.ts';
import { MailboxDictionary } from './mailbox-dictionary.ts';

/** A write to one field of messages that lies over their confirmed state until the server has answered. */
export interface MessageOverlay {
	readonly arrivals: Ranges;
	readonly field: string;
	readonly value: RegisterValue;
}

/** A message's columns. */
export interface MessageColumnsRow {
	readonly flags: number;
	readonly mailbox: MailboxId;
	readonly thread: number;
	/** Seconds since 1970-01-01 UTC. */
	readonly date: number;
}

/**
 * Writes one field into the columns of messages that lie in a row, from the place `start` to before `end`;
 * what the columns don't show is left out.
 */
export function writeColumns(
	{ mailboxes, flags }: ColumnBlock,
	[start, end]: readonly [start: number, end: number],
	{ field, value }: Pick<MessageOverlay, 'field' | 'value'>,
	dictionary: MailboxDictionary
): void {
	if (field === 'mailbox') {
		const number = typeof value === 'string' ? dictionary.numberOf(value as MailboxId) : undefined;
		if (number !== undefined) mailboxes.fill(number, start, end);
		return;
	}
	const bit = keywordBit(field);
	for (let place = start; place < end; place += 1) {
		const before = flags[place] ?? 0;
		flags[place] = value === true ? before | bit : before & ~bit;
	}
}

/** What writes of a field came upon: messages that had one value. */
export interface ValueBefore {
	readonly value: RegisterValue;
	readonly arrivals: Ranges;
}

/**
 * The state of all messages in memory: confirmed columns, and *effective* ones with this device's pending
 * changes laid over them. A block that nothing lies over is one and the same in both.
 */
export class MessageColumns {
	#confirmed = new Map<number, ColumnBlock>();
	#effective = new Map<number, ColumnBlock>();
	#overlays: ReadonlyMap<number, MessageOverlay> = new Map();
	#hidden: ReadonlyMap<string, Ranges> = new Map();
	#dictionary = new MailboxDictionary();

	get dictionary(): MailboxDictionary {
		return this.#dictionary;
	}

	/** Takes a dictionary that grew; one that did not changes nothing, so that what is built on it stands. */
	set dictionary(grown: MailboxDictionary) {
		if (grown.ids.length > this.#dictionary.ids.length) this.#dictionary = grown;
	}

	/** The effective blocks, in no order, with their numbers. They must not be altered. */
	get blocks(): ReadonlyMap<number, ColumnBlock> {
		return this.#effective;
	}

	/** The confirmed block, undefined where there is none yet. It must not be altered. */
	confirmed(block: number): ColumnBlock | undefined {
		return this.#confirmed.get(block);
	}

	/** The effective columns of a message; undefined where it is not present. */
	row(arrival: number): MessageColumnsRow | undefined {
		const block = this.#effective.get(blockOf(arrival));
		const place = arrival % blockSize;
		const flags = block?.flags[place] ?? 0;
		if (block === undefined || !isPresent(flags)) return undefined;
		return {
			flags,
			mailbox: this.#dictionary.idOf(block.mailboxes[place] ?? 0),
			thread: block.threads[place] ?? 0,
			date: block.dates[place] ?? 0
		};
	}

	/** Whether the message exists for the person. */
	isPresent(arrival: number): boolean {
		return isPresent(this.#effective.get(blockOf(arrival))?.flags[arrival % blockSize] ?? 0);
	}

	/** Those of the messages that are present and have another value of the field, by the value they have. */
	otherThan(value: RegisterValue, field: MessageField, arrivals: Iterable<number>): ValueBefore[] {
		const bit = keywordBit(field);
		/** By the number of the mailbox, or whether the keyword is set. */
		const found = new Map<number | boolean, number[]>();
		for (const [number, places] of placesByBlock(arrivals)) {
			const block = this.#effective.get(number);
			for (let place = places.indexOf(1); place !== -1; place = places.indexOf(1, place + 1)) {
				const flags = block?.flags[place] ?? 0;
				if (!isPresent(flags)) continue;
				const before = field === 'mailbox' ? (block?.mailboxes[place] ?? 0) : (flags & bit) !== 0;
				let same = found.get(before);
				if (same === undefined) found.set(before, (same = []));
				appendToRanges(same, number * blockSize + place);
			}
		}
		return [...found]
			.map(([before, same]) => ({
				value: typeof before === 'number' ? this.#dictionary.idOf(before) : before,
				arrivals: same
			}))
			.filter((group) => group.value !== value);
	}

	/** Puts confirmed blocks in the place of earlier ones; says whose effective state changed, ascending. */
	confirm(blocks: ReadonlyMap<number, ColumnBlock>): Ranges {
		for (const [number, block] of blocks) this.#confirmed.set(number, block);
		return this.#refresh(blocks.keys());
	}

	/** Lays writes over what is there, the higher key over the lower; says whose effective state changed. */
	overlay(writes: ReadonlyMap<number, MessageOverlay>): Ranges {
		this.#overlays = inKeyOrder(this.#overlays, writes);
		return this.#refresh(this.#blocksUnder([...writes.values()].map(({ arrivals }) => arrivals)));
	}

	/** Takes writes away again; says whose effective state changed. */
	uncover(keys: Iterable<number>): Ranges {
		const left = new Map(this.#overlays);
		const taken: Ranges[] = [];
		for (const key of keys) {
			taken.push(left.get(key)?.arrivals ?? []);
			left.delete(key);
		}
		this.#overlays = left;
		return this.#refresh(this.#blocksUnder(taken));
	}

	/**
	 * Sets, by name, the messages that this device removed for good and the server has yet to; says whose
	 * effective state changed.
	 */
	hide(sets: ReadonlyMap<string, Ranges>): Ranges {
		const before = [...this.#hidden.values()];
		this.#hidden = sets;
		return this.#refresh(this.#blocksUnder([...before, ...sets.values()]));
	}

	/** Starts anew with these confirmed blocks; overlays stay. */
	reset(blocks: ReadonlyMap<number, ColumnBlock>): void {
		this.#confirmed = new Map(blocks);
		this.#effective = new Map();
		this.#refresh(blocks.keys());
	}

	#blocksUnder(sets: Iterable<Ranges>): Set<number> {
		const blocks = new Set<number>();
		for (const arrivals of sets) {
			eachRun(arrivals, (from, to) => {
				for (let block = blockOf(from); block <= blockOf(to - 1); block += 1) {
					if (this.#confirmed.has(block)) blocks.add(block);
				}
			});
		}
		return blocks;
	}

	#refresh(blocks: Iterable<number>): Ranges {
		const changed: number[] = [];
		for (const number of [...blocks].sort((left, right) => left - right)) {
			const confirmed = this.#confirmed.get(number);
			if (confirmed === undefined) continue;
			const before = this.#effective.get(number);
			const after = this.#laidOver(number, confirmed);
			this.#effective.set(number, after);
			collectDifferences(number * blockSize, before ?? columnBlock(), after, changed);
		}
		return changed;
	}

	#laidOver(number: number, confirmed: ColumnBlock): ColumnBlock {
		const from = number * blockSize;
		const to = from + blockSize;
		let block: ColumnBlock | undefined;
		for (const overlay of this.#overlays.values()) {
			if (!touches(overlay.arrivals, from, to)) continue;
			const laid = (block ??= copyOfBlock(confirmed));
			eachRunBetween(overlay.arrivals, from, to, (start, end) =>
				writeColumns(laid, [start - from, end - from], overlay, this.#dictionary)
			);
		}
		for (const arrivals of this.#hidden.values()) {
			if (!touches(arrivals, from, to)) continue;
			const { flags } = (block ??= copyOfBlock(confirmed));
			eachRunBetween(arrivals, from, to, (start, end) => {
				for (let place = start - from; place < end - from; place += 1) {
					flags[place] = (flags[place] ?? 0) | flagBits.withdrawn;
				}
			});
		}
		return block ?? confirmed;
	}
}

/** Whether the set's first and last numbers leave room for one of the block. */
function touches(arrivals: Ranges, from: number, to: number): boolean {
	const first = arrivals[0] ?? Number.POSITIVE_INFINITY;
	const end = (arrivals.at(-2) ?? 0) + (arrivals.at(-1) ?? 0);
	return first < to && end > from;
}

/** Messages by their block, ascending: 1 at the place of each. */
function placesByBlock(arrivals: Iterable<number>): [block: number, places: Uint8Array][] {
	const blocks = new Map<number, Uint8Array<ArrayBuffer>>();
	let number = Number.NaN;
	let places = new Uint8Array();
	for (const arrival of arrivals) {
		if (blockOf(arrival) !== number) {
			number = blockOf(arrival);
			places = blocks.get(number) ?? new Uint8Array(blockSize);
			blocks.set(number, places);
		}
		places[arrival - number * blockSize] = 1;
	}
	return [...blocks].sort(([left], [right]) => left - right);
}

function collectDifferences(first: number, before: ColumnBlock, after: ColumnBlock, into: number[]): void {
	if (before === after) return;
	for (let place = 0; place < blockSize; place += 1) {
		if (
			before.flags[place] !== after.flags[place] ||
			before.mailboxes[place] !== after.mailboxes[place] ||
			before.threads[place] !== after.threads[place] ||
			before.dates[place] !== after.dates[place]
		) {
			appendToRanges(into, first + place);
		}
	}
}
