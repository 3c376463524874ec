import type { DraftSeed } from '#schema/docs/draft.ts';
import { canonicalAddress, type MailAddress } from '#schema/mail/address.ts';
import type { Summary } from '#schema/mail/summary.ts';
import type { Profile } from '#schema/protocol/messages.ts';
import { isOwn, uniquePeople } from '../people.ts';

/** How a message is answered. */
export type AnswerKind = 'reply' | 'reply-all' | 'forward';

/** Prefixes of answers and forwards as mail programs write them, in the languages that occur here. */
const replyPrefix = /^\s*(?:re|aw|sv|antw|回复|回覆|答复|答覆)\s*(?:\[\d+\])?\s*[:：]/i;
const forwardPrefix = /^\s*(?:fwd?|wg|tr|转发|轉發|转寄|轉寄)\s*(?:\[\d+\])?\s*[:：]/i;

/** The subject of an answer: one prefix, never two of a kind. */
export function answerSubject(
	subject: string,
	kind: AnswerKind,
	prefixes: { reply: string; forward: string }
): string {
	const has = kind === 'forward' ? forwardPrefix : replyPrefix;
	if (has.test(subject)) return subject;
	return `${kind === 'forward' ? prefixes.forward : prefixes.reply}${subject}`;
}

/**
 * Who gets an answer (RFC 5322 section 3.6.3): Reply-To before From; for all also To and Cc, without the
 * person's own addresses and without repeats. An answer to one's own letter goes where that letter went.
 */
export function answerRecipients(
	summary: Summary,
	kind: AnswerKind,
	profile: Profile
): { readonly to: MailAddress[]; readonly cc: MailAddress[] } {
	if (kind === 'forward') return { to: [], cc: [] };
	const isMine = summary.from.some(({ address }) => isOwn(profile, address));
	const author = summary.replyTo.length > 0 ? summary.replyTo : summary.from;
	const to = uniquePeople(isMine ? summary.to : author);
	if (kind === 'reply') return { to, cc: [] };
	const others = isMine ? summary.cc : [...summary.to, ...summary.cc];
	const taken = new Set(to.map(({ address }) => canonicalAddress(address)));
	const cc = uniquePeople(others).filter(
		({ address }) => !taken.has(canonicalAddress(address)) && !isOwn(profile, address)
	);
	return { to, cc };
}

/**
 * The References of an answer (RFC 5322 section 3.6.4): the ids of the thread so far, oldest first, the
 * answered message last; at most a hundred, of which the first and the latest are kept.
 */
export function answerReferences(parent: string, earlier: readonly string[]): string[] {
	const ids = [...new Set(earlier.filter((id) => id !== '' && id !== parent))];
	if (parent !== '') ids.push(parent);
	return ids.length <= 100 ? ids : [...ids.slice(0, 1), ...ids.slice(-99)];
}

/** The identity an answer comes from: the one the message was sent to, else the person's first. */
export function answerIdentity(summary: Summary, profile: Profile): MailAddress {
	const addressed = [...summary.to, ...summary.cc].map(({ address }) => canonicalAddress(address));
	const own = { name: profile.name, address: profile.address };
	const identities = profile.identities.length > 0 ? profile.identities : [own];
	return (
		identities.find(({ address }) => addressed.includes(canonicalAddress(address))) ?? identities[0] ?? own
	);
}

/** What the screen knows of the message that is answered. */
export interface Answered {
	readonly arrival: number;
	readonly summary: Summary;
	/** Message-IDs of the thread before it, oldest first. */
	readonly earlier: readonly string[];
}

/** The headers a new draft starts with when it answers a message; quote and attachments come on top. */
export function answerSeed(
	answered: Answered,
	kind: AnswerKind,
	profile: Profile,
	prefixes: { reply: string; forward: string }
): DraftSeed {
	const { summary, arrival, earlier } = answered;
	const { to, cc } = answerRecipients(summary, kind, profile);
	const forwards = kind === 'forward';
	return {
		from: answerIdentity(summary, profile),
		to,
		cc,
		subject: answerSubject(summary.subject, kind, prefixes),
		inReplyTo: forwards || summary.messageId === '' ? null : summary.messageId,
		references: forwards ? [] : answerReferences(summary.messageId, earlier),
		answers: { arrival, how: forwards ? 'forward' : 'reply' }
	};
}
