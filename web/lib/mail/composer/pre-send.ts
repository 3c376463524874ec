import { t } from '#lib/i18n/messages.svelte.ts';
import type { Question } from '#lib/ui/questions.svelte.ts';

/** Words by which a letter speaks of something attached to it. */
const attachmentWords = /附件|附上|随信附|附檔|\battach(?:ed|ment|ments|ing)\b|\benclosed\b/i;

/** So many things that are missing are named. */
const mostNamed = 5;

/** Whether a letter speaks of attachments. */
export function mentionsAttachment(text: string): boolean {
	return attachmentWords.test(text);
}

/** What to ask before a letter goes: it has no subject, or lacks the attachment it speaks of. Null: nothing. */
export function questionBefore(subject: string, text: string, attachments: number): Question | null {
	const lacksAttachment = attachments === 0 && mentionsAttachment(`${subject}\n${text}`);
	const lacksSubject = subject.trim() === '';
	if (!lacksAttachment && !lacksSubject) return null;
	return {
		tone: 'plain',
		title: t(lacksSubject ? 'send.noSubject' : 'send.noAttachment'),
		text: t(lacksAttachment ? 'send.noAttachmentText' : 'send.noSubjectText'),
		button: t('send.anyway')
	};
}

/**
 * What to ask before a letter goes without something of the message it answers, named; null: nothing is missing.
 *
 * @param files names of the files that are not in the letter yet
 */
export function questionAboutMissing(files: readonly string[], lacksText: boolean): Question | null {
	const missing = [...(lacksText ? [t('original.text')] : []), ...files];
	if (missing.length === 0) return null;
	const named = missing.slice(0, mostNamed).join(t('list.separator'));
	const more = missing.length - mostNamed;
	return {
		tone: 'plain',
		title: t('send.missing'),
		text:
			more > 0
				? t('send.missingMore', { names: named, count: more })
				: t('send.missingText', { names: named }),
		button: t('send.withoutMissing')
	};
}
