import { canonicalAddress, type MailAddress } from '#schema/mail/address.ts';
import type { Summary } from '#schema/mail/summary.ts';
import type { Profile } from '#schema/protocol/messages.ts';

/** What a person is called on the screen: the name, else the address. */
export function nameOf({ name, address }: MailAddress): string {
	const readable = name.trim();
	return readable === '' ? address : readable;
}

/** Whether an address is one of this person's own. */
export function isOwn(profile: Profile, address: string): boolean {
	const wanted = canonicalAddress(address);
	return (
		canonicalAddress(profile.address) === wanted ||
		profile.identities.some((identity) => canonicalAddress(identity.address) === wanted)
	);
}

/** Names in a row, own addresses as `me`, repeats once. */
export function namesOf(
	people: readonly MailAddress[],
	profile: Profile,
	me: string,
	separator: string
): string {
	const names = people.map((person) => (isOwn(profile, person.address) ? me : nameOf(person)));
	return [...new Set(names)].join(separator);
}

/** Every person once, first spelling first. */
export function uniquePeople(people: readonly MailAddress[]): MailAddress[] {
	const seen = new Map<string, MailAddress>();
	for (const person of people) {
		const key = canonicalAddress(person.address);
		if (!seen.has(key)) seen.set(key, person);
	}
	return [...seen.values()];
}

/** Everybody who wrote or was written to in some messages, once. */
export function peopleOf(summaries: readonly Pick<Summary, 'from' | 'to' | 'cc'>[]): MailAddress[] {
	return uniquePeople(summaries.flatMap(({ from, to, cc }) => [...from, ...to, ...cc]));
}
