import { canonicalAddress, domainOf, type MailAddress } from '#schema/mail/address.ts';
import type { Summary } from '#schema/mail/summary.ts';
import { isOwn } from '../people.ts';
import type { Profile } from '#schema/protocol/messages.ts';
import { readRecipients } from './recipient-input.ts';

/** A person one has written to or heard from, and how much. */
export interface Correspondent extends MailAddress {
	/** The more, and the more lately, the greater; letters one wrote oneself count thrice. */
	readonly weight: number;
}

/**
 * The people of these letters, those one has most to do with first.
 *
 * @param summaries newest first
 */
export function correspondentsOf(summaries: readonly Summary[], profile: Profile): Correspondent[] {
	const found = new Map<string, { name: string; address: string; weight: number }>();
	summaries.forEach((summary, age) => {
		const isMine = summary.from.some(({ address }) => isOwn(profile, address));
		const people = isMine ? [...summary.to, ...summary.cc] : [...summary.from, ...summary.cc];
		for (const { name, address } of people) {
			if (address === '' || isOwn(profile, address)) continue;
			const key = canonicalAddress(address);
			const known = found.get(key) ?? { name: '', address, weight: 0 };
			if (known.name === '' && name !== '' && name !== address) known.name = name;
			known.weight += (isMine ? 3 : 1) / (1 + age / 100);
			found.set(key, known);
		}
	});
	return [...found.values()].sort((left, right) => right.weight - left.weight);
}

/** At most this many are offered at once. */
const most = 6;

/**
 * Those whom what was typed may mean: first the one with exactly that address, then those whose name or local
 * part begins with it in any of its words, then those whose domain does, then those that hold it somewhere.
 */
export function matchingCorrespondents(
	people: readonly Correspondent[],
	typed: string,
	taken: ReadonlySet<string>
): Correspondent[] {
	const wanted = canonicalAddress(typed);
	if (wanted === '') return [];
	const free = people.filter(({ address }) => !taken.has(canonicalAddress(address)));
	const near = Object.groupBy(free, (person) => nearness(person, wanted));
	return [...(near.exact ?? []), ...(near.begins ?? []), ...(near.domain ?? []), ...(near.holds ?? [])].slice(
		0,
		most
	);
}

type Nearness = 'exact' | 'begins' | 'domain' | 'holds' | 'none';

function nearness({ name, address }: MailAddress, wanted: string): Nearness {
	const [called, written] = [name.normalize('NFC').toLowerCase(), canonicalAddress(address)];
	if (written === wanted) return 'exact';
	const [local = ''] = written.split('@', 1);
	const parts = [called, written, ...called.split(betweenWords), ...local.split(betweenWords)];
	if (parts.some((part) => part.startsWith(wanted))) return 'begins';
	const domain = domainOf(written);
	if ([domain, ...domain.split(betweenWords)].some((part) => part.startsWith(wanted))) return 'domain';
	return `${called} ${written}`.includes(wanted) ? 'holds' : 'none';
}

const betweenWords = /[\s@._-]+/u;

/**
 * The place of the person whom Enter and Tab take; -1: what was typed stands as it is. That is so where it is a
 * whole address of nobody offered, until the arrow keys choose.
 *
 * @param moved where the arrow keys have led; null where they were not used
 */
export function placeOfChoice(offered: readonly MailAddress[], typed: string, moved: number | null): number {
	if (offered.length === 0) return -1;
	if (moved !== null) return Math.min(moved, offered.length - 1);
	const first = offered[0];
	const isExact = first !== undefined && canonicalAddress(first.address) === canonicalAddress(typed);
	const isWhole = readRecipients(typed).every(({ valid }) => valid);
	return isWhole && !isExact ? -1 : 0;
}

/** Where an arrow key leads from a place; the ends of the list meet. */
export function placeAfter(place: number, by: 1 | -1, count: number): number {
	if (place < 0) return by === 1 ? 0 : count - 1;
	return (place + by + count) % count;
}
