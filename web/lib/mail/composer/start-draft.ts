import type { DraftSeed } from '#schema/docs/draft.ts';
import type { DocumentId } from '#schema/ids.ts';
import { t } from '#lib/i18n/messages.svelte.ts';
import type { MailProjection } from '#lib/projection/mail-projection.ts';
import type { Session } from '#lib/session/session.ts';
import { listedParts } from '../message/listed-parts.ts';
import { leaveParts } from './forwarded-parts.ts';
import { readMailLink } from './mailto.ts';
import { quoteOf } from './quote.ts';
import { answerSeed, type AnswerKind } from './reply.ts';

type Mail = Session<MailProjection>;

/** Starts an empty letter, or what a mail link asks for (what follows `mailto:`). */
export function startLetter({ drafts, profile }: Mail, mailLink: string | null): Promise<DocumentId> {
	const from = profile.identities[0] ?? { name: profile.name, address: profile.address };
	if (mailLink === null) return drafts.create({ from });
	const { to, cc, subject, body } = readMailLink(mailLink);
	return drafts.create({ from, to, cc, subject, ...(body === '' ? {} : { text: body }) });
}

/**
 * Starts an answer to a message, with the message quoted where its text is on this device or can be
 * fetched; without it otherwise. Null where the message itself is not held.
 */
export async function startAnswer(
	session: Mail,
	arrival: number,
	kind: AnswerKind
): Promise<DocumentId | null> {
	const { mail, profile, contents, drafts } = session;
	const thread = mail.threadOf(arrival);
	await mail.loadRows([...thread, arrival]);
	const row = mail.row(arrival);
	if (row === undefined) return null;
	const earlier = thread
		.filter((other) => other < arrival)
		.map((other) => mail.row(other)?.summary.messageId ?? '');
	const prefixes = { reply: t('subject.reply'), forward: t('subject.forward') };
	const answered = { arrival, summary: row.summary, earlier };
	const result = await contents.content(arrival);
	const quoted = result.kind === 'here' ? quoteOf(row, result.content, kind) : null;
	const seed: DraftSeed = {
		...answerSeed(answered, kind, profile, prefixes),
		...(quoted === null ? {} : { quoted })
	};
	const draft = await drafts.create(seed);
	if (kind === 'forward' && result.kind === 'here') {
		leaveParts(draft, { arrival, parts: listedParts(result.content) });
	}
	return draft;
}
