/** The first words of a message for its row in a list. */
import { summaryLimits } from '#schema/mail/summary.ts';
import { cleanLine, truncate } from './header-text.ts';
import { textOfHtml } from './html-text.ts';

/** Characters of text that are looked at for a snippet; a quote longer than that leaves it empty. */
const textLimit = 20_000;

/** Invisible characters that senders of newsletters fill previews with. */
const invisible = /\p{Default_Ignorable_Code_Point}+/gu;

/** Rules and other ornament: lines without a letter or a digit. */
const ornament = /^[^\p{L}\p{N}]*$/u;

/** Lines that are neither quotes (`>`) nor the line that introduces one (`Ann wrote:`), up to the signature. */
function ownLines(text: string): string[] {
	const lines = text.slice(0, textLimit).split(/\r\n|\r|\n/);
	const own: string[] = [];
	for (const line of lines) {
		if (line === '-- ' && own.length > 0) break;
		if (/^\s*>/.test(line)) {
			const introduction = own.findLastIndex((before) => before.trim() !== '');
			if (introduction >= 0 && /[:：]\s*$/.test(own[introduction] ?? '')) own.length = introduction;
			continue;
		}
		own.push(line);
	}
	return own;
}

/** Lines as one, each cleaned by itself: a snippet needs the first few of what may be hundreds. */
function fold(lines: readonly string[]): string {
	let folded = '';
	for (const line of lines) {
		if (folded.length >= summaryLimits.snippet) break;
		if (ornament.test(line)) continue;
		const clean = cleanLine(line.replace(invisible, '')).replace(/\s+/g, ' ');
		if (clean !== '') folded += folded === '' ? clean : ` ${clean}`;
	}
	return truncate(folded, summaryLimits.snippet);
}

/** The snippet of a message's text, or of its HTML where the text has no words of its own. */
export function snippetOf(text: string | null, html: string | null): string {
	const fromText = text === null ? '' : fold(ownLines(text));
	if (fromText !== '' || html === null) return fromText;
	return fold(ownLines(textOfHtml(html, 4 * summaryLimits.snippet)));
}
