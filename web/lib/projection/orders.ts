import { keywordViews, systemMailbox } from '#schema/mail/mailbox.ts';
import { flagBits, isPresent, keywordBit } from '#lib/replica/state/column-block.ts';
import type { MailboxDictionary } from '#lib/replica/state/mailbox-dictionary.ts';
import type { MailView } from './mail-projection.ts';
import type { ShownColumns } from './shown-columns.ts';

/** The name of a view, as counters and pages are kept under it. */
export function viewName(view: MailView): string {
	return view.kind === 'mailbox' ? view.mailbox : view.view;
}

/** Whether a message with these columns belongs to a view. */
export type Membership = (flags: number, mailbox: number) => boolean;

/** The rule of a view under a dictionary. */
export function membershipOf(view: MailView, dictionary: MailboxDictionary): Membership {
	if (view.kind === 'mailbox') {
		const wanted = dictionary.numberOf(view.mailbox);
		return (flags, mailbox) => mailbox === wanted && isPresent(flags);
	}
	const bit = keywordBit(keywordViews[view.view]);
	const trash = dictionary.numberOf(systemMailbox('trash'));
	const junk = dictionary.numberOf(systemMailbox('junk'));
	return (flags, mailbox) => (flags & bit) !== 0 && mailbox !== trash && mailbox !== junk && isPresent(flags);
}

/** Stands for the mailbox beside the bits of a message's flags, which are 16. */
export const mailboxBit = 1 << 16;

/** What of a message decides whether it belongs to a view: bits of its flags, and {@link mailboxBit}. */
export function deciding(view: MailView): number {
	const presence = flagBits.held | flagBits.withdrawn | mailboxBit;
	return view.kind === 'mailbox' ? presence : presence | keywordBit(keywordViews[view.view]);
}

/** Orders newest first: by date, then by arrival. Negative where `left` comes first. */
function compareNewest(dates: Uint32Array, left: number, right: number): number {
	return (dates[right] ?? 0) - (dates[left] ?? 0) || right - left;
}

/** Sorts arrival numbers newest first. Mail mostly arrives in the order of its dates, which costs nothing. */
function sortNewest(arrivals: Uint32Array, dates: Uint32Array): Uint32Array {
	let isSorted = true;
	for (let index = 1; isSorted && index < arrivals.length; index += 1) {
		isSorted = compareNewest(dates, arrivals[index - 1] ?? 0, arrivals[index] ?? 0) < 0;
	}
	if (isSorted) return arrivals;
	// A date of 32 bits and an arrival of 21 fit a number exactly; typed arrays sort those without a callback.
	const room = 2 ** 21;
	if (arrivals.some((arrival) => arrival >= room)) return arrivals.sort((a, b) => compareNewest(dates, a, b));
	const keys = Float64Array.from(arrivals, (arrival) => -((dates[arrival] ?? 0) * room + arrival));
	return Uint32Array.from(keys.sort(), (key) => -key % room);
}

/** The order of a view, made anew. */
export function orderOf(shown: ShownColumns, isMember: Membership): Uint32Array {
	const members = new Uint32Array(shown.size);
	let count = 0;
	for (let arrival = shown.size - 1; arrival >= 0; arrival -= 1) {
		if (!isMember(shown.flags[arrival] ?? 0, shown.mailboxes[arrival] ?? 0)) continue;
		members[count] = arrival;
		count += 1;
	}
	return sortNewest(members.slice(0, count), shown.dates);
}

/** Where a message stands in an order, or would stand. */
function placeIn(order: Uint32Array, dates: Uint32Array, arrival: number): number {
	let low = 0;
	let high = order.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (compareNewest(dates, order[middle] ?? 0, arrival) < 0) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** Another order with the message put in. */
export function withMessage(order: Uint32Array, dates: Uint32Array, arrival: number): Uint32Array {
	const place = placeIn(order, dates, arrival);
	if (order[place] === arrival) return order;
	const grown = new Uint32Array(order.length + 1);
	grown.set(order.subarray(0, place));
	grown[place] = arrival;
	grown.set(order.subarray(place), place + 1);
	return grown;
}

/** Another order with the message taken out; the date it stands under must still be known. */
export function withoutMessage(order: Uint32Array, dates: Uint32Array, arrival: number): Uint32Array {
	const place = placeIn(order, dates, arrival);
	if (order[place] !== arrival) return order;
	const shrunk = new Uint32Array(order.length - 1);
	shrunk.set(order.subarray(0, place));
	shrunk.set(order.subarray(place + 1), place);
	return shrunk;
}
