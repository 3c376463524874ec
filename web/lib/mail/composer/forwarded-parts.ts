import { wholeMessage, type WantedPart } from '#schema/docs/draft-original.ts';
import type { Content, Part, Summary } from '#schema/mail/summary.ts';
import { t } from '#lib/i18n/messages.svelte.ts';

/** A name for a part that has none; pictures get the ending by which they are opened. */
function nameOf({ filename, section, type }: Part): string {
	if (filename !== null) return filename;
	const ending = /^image\/(png|jpeg|gif|webp)$/.exec(type)?.[1];
	return t('attachment.unnamed', { section }) + (ending === undefined ? '' : `.${ending}`);
}

/**
 * What a forward takes along of a message: all its parts, also the pictures that its text shows, which a quote
 * can't.
 */
export function forwardedParts({ parts }: Content): WantedPart[] {
	return parts.map((part) => ({
		section: part.section,
		name: nameOf(part),
		type: part.type,
		size: part.size
	}));
}

/** The whole message as a file to take along. */
export function wholeAsPart({ subject, size }: Summary): WantedPart {
	// eslint-disable-next-line no-control-regex -- what no file may have in its name
	const plain = subject.replaceAll(/[\u0000-\u001f\\/:*?"<>|]+/g, ' ').trim();
	const name = `${plain === '' ? t('message.noSubject') : plain.slice(0, 120)}.eml`;
	return { section: wholeMessage, name, type: 'message/rfc822', size };
}
