import { canonicalAddress, type MailAddress } from '#schema/mail/address.ts';
import type { Summary } from '#schema/mail/summary.ts';
import { isOwn } from '../people.ts';
import type { Profile } from '#schema/protocol/messages.ts';

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

/** Those whose name or address begins with what was typed, in any of its words; then those that hold it. */
export function matchingCorrespondents(
	people: readonly Correspondent[],
	typed: string,
	taken: ReadonlySet<string>
): Correspondent[] {
	const wanted = typed.trim().toLowerCase();
	if (wanted === '') return [];
	const free = people.filter(({ address }) => !taken.has(canonicalAddress(address)));
	const begins = free.filter((person) => wordsOf(person).some((word) => word.startsWith(wanted)));
	const holds = free.filter(
		(person) => !begins.includes(person) && `${person.name} ${person.address}`.toLowerCase().includes(wanted)
	);
	return [...begins, ...holds].slice(0, most);
}

function wordsOf({ name, address }: MailAddress): string[] {
	const lower = `${name} ${address}`.toLowerCase();
	return [name.toLowerCase(), address.toLowerCase(), ...lower.split(/[\s@._-]+/u)];
}
