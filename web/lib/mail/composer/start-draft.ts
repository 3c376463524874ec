import type { DraftSeed } from '#schema/docs/draft.ts';
import type { DocumentId } from '#schema/ids.ts';
import type { Content } from '#schema/mail/summary.ts';
import { t } from '#lib/i18n/messages.svelte.ts';
import { systemClock, type Clock } from '#lib/platform/clock.ts';
import type { MailProjection, MessageRow } from '#lib/projection/mail-projection.ts';
import type { Session } from '#lib/session/session.ts';
import { forwardedParts } from './forwarded-parts.ts';
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

/** Milliseconds a text is waited for before the letter opens without it; it is quoted when it comes. */
const patience = 300;

/**
 * Starts an answer to a message. The message is quoted where its text is on this device or comes at once; else
 * the draft says that it wants it, and the composer sees to it. Null where the message itself is not held.
 */
export async function startAnswer(
	session: Mail,
	arrival: number,
	kind: AnswerKind,
	clock: Clock = systemClock
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
	const late = Promise.withResolvers<{ readonly kind: 'late' }>();
	const cancel = clock.after(patience, () => {
		late.resolve({ kind: 'late' });
	});
	const result = await Promise.race([contents.content(arrival), late.promise]);
	cancel();
	const taken = result.kind === 'here' ? takenFrom(row, result.content, kind) : { unquoted: 'late' as const };
	return drafts.create({ ...answerSeed(answered, kind, profile, prefixes), ...taken });
}

/** What a new draft takes of a message whose text is here. */
function takenFrom(
	row: MessageRow,
	content: Content,
	kind: AnswerKind
): Pick<DraftSeed, 'quoted' | 'unquoted' | 'wanted'> {
	const quoted = quoteOf(row, content, kind);
	return {
		...(quoted === null ? { unquoted: 'too-long' } : { quoted }),
		...(kind === 'forward' ? { wanted: forwardedParts(content) } : {})
	};
}
