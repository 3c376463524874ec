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

function fold(lines: readonly string[]): string {
	const words = lines.filter((line) => !ornament.test(line)).join(' ');
	const clean = cleanLine(words.replace(invisible, '')).replace(/\s+/g, ' ');
	return truncate(clean, summaryLimits.snippet);
}

/** The snippet of a message's text, or of its HTML where the text has no words of its own. */
export function snippetOf(text: string | null, html: string | null): string {
	const fromText = text === null ? '' : fold(ownLines(text));
	if (fromText !== '' || html === null) return fromText;
	return fold(ownLines(textOfHtml(html, 4 * summaryLimits.snippet)));
}
