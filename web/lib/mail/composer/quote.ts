import type { Quoted } from '#schema/docs/draft-original.ts';
import type { MailAddress } from '#schema/mail/address.ts';
import { escapeHtml } from '#schema/mail/html.ts';
import type { Content } from '#schema/mail/summary.ts';
import { dates, t } from '#lib/i18n/messages.svelte.ts';
import type { MessageRow } from '#lib/projection/mail-projection.ts';
import { cleanHtml, contentIdAttribute, styleAttribute } from '../message/clean-html.ts';
import type { AnswerKind } from './reply.ts';

/** A quote longer than this is not made: the letter it belongs to has a limit (schema `submissionLimits`). */
const longest = 1_500_000;

/** The letter's HTML, cleaned, with its declarations written back and its own pictures named by their text. */
function quotedHtml(html: string): string {
	const { body } = cleanHtml(html);
	for (const element of body.querySelectorAll<HTMLElement>(`[${styleAttribute}]`)) {
		element.setAttribute('style', element.getAttribute(styleAttribute) ?? '');
		element.removeAttribute(styleAttribute);
	}
	for (const picture of body.querySelectorAll(`img[${contentIdAttribute}], img:not([src])`)) {
		picture.replaceWith(picture.getAttribute('alt') ?? '');
	}
	return body.innerHTML;
}

function person({ name, address }: MailAddress): string {
	return name === '' ? address : `${name} <${address}>`;
}

/** The lines over a forwarded letter: who wrote what to whom, and when. */
function forwardedHead({ summary, receivedAt }: MessageRow): string {
	const people = (list: readonly MailAddress[]) => list.map(person).join(t('list.separator'));
	const lines: readonly (readonly [string, string])[] = [
		[t('field.from'), people(summary.from)],
		[t('field.sent'), dates().written(summary.sentAt ?? receivedAt)],
		[t('field.subject'), summary.subject],
		[t('field.to'), people(summary.to)],
		[t('field.cc'), people(summary.cc)]
	];
	const written = lines
		.filter(([, value]) => value !== '')
		.map(([label, value]) => escapeHtml(t('field.line', { label, value })));
	return `<p>${written.join('<br>')}</p>`;
}

/** What stands under an answer: the answered letter, introduced; null where it is too long. */
export function quoteOf(row: MessageRow, content: Content, kind: AnswerKind): Quoted | null {
	const body =
		content.html === null
			? `<div style="white-space: pre-wrap">${escapeHtml(content.text ?? '')}</div>`
			: quotedHtml(content.html);
	if (body.length > longest) return null;
	const author = row.summary.from[0] ?? { name: '', address: '' };
	if (kind === 'forward') {
		return { attribution: t('quote.forwarded'), html: forwardedHead(row) + body };
	}
	const date = dates().written(row.summary.sentAt ?? row.receivedAt);
	return { attribution: t('quote.wrote', { date, person: person(author) }), html: body };
}
