/** A stretch of a line: plain, or a link with its address. */
export type Inline =
	| { readonly kind: 'text'; readonly text: string }
	| { readonly kind: 'link'; readonly text: string; readonly href: string };

/** A stretch of a plain-text body: what was written, what was quoted (`>`), the signature below `-- `. */
export interface Block {
	readonly kind: 'written' | 'quoted' | 'signature';
	readonly text: string;
}

const quoteLine = /^\s{0,3}>/;
/** A line that introduces a quote: `… wrote:`, `…写道：`. */
const attribution = /(?:wrote|writes|schrieb|écrit|写道|寫道)\s*[:：]\s*$/i;

/**
 * Cuts a plain-text body into what was written, quoted and signed (RFC 3676 section 4.3 and 4.5). A line
 * that introduces a quote belongs to it. The texts joined with line breaks are the body again.
 */
export function blocksOf(body: string): Block[] {
	const lines = body.replaceAll('\r\n', '\n').trimEnd().split('\n');
	const signature = signatureStart(lines);
	const blocks: { kind: Block['kind']; lines: string[] }[] = [];
	const put = (kind: Block['kind'], line: string) => {
		const last = blocks.at(-1);
		if (last?.kind === kind) last.lines.push(line);
		else blocks.push({ kind, lines: [line] });
	};
	lines.forEach((line, index) => {
		if (index >= signature) put('signature', line);
		else put(isQuoted(lines, index) ? 'quoted' : 'written', line);
	});
	return blocks.map(({ kind, lines: own }) => ({ kind, text: own.join('\n') }));
}

function isQuoted(lines: readonly string[], index: number): boolean {
	const line = lines[index] ?? '';
	if (quoteLine.test(line)) return true;
	if (!attribution.test(line)) return false;
	const next = lines.slice(index + 1, index + 3).find((candidate) => candidate.trim() !== '');
	return next !== undefined && quoteLine.test(next);
}

function signatureStart(lines: readonly string[]): number {
	const start = lines.findLastIndex((line) => line === '-- ' || line === '--');
	const tooLong = lines.length - start > 20;
	const quotesFollow = lines.slice(start + 1).some((line) => quoteLine.test(line));
	return start < 0 || tooLong || quotesFollow ? lines.length : start;
}

/** Every repeat is bounded, so that no body, however made, takes longer than its length. */
const linkPattern =
	/(?:https?:\/\/|www\.)[^\s<>"'（）《》「」，。；！？]{1,2000}|[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,8}/giu;

/** Leaves off punctuation that ends a sentence, and a closing bracket where none was opened. */
function trimmedLink(match: string): string {
	let end = match.length;
	while (end > 0) {
		const last = match[end - 1] ?? '';
		const isLoose = '.,;:!?'.includes(last) || (last === ')' && !match.slice(0, end).includes('('));
		if (!isLoose) break;
		end -= 1;
	}
	return match.slice(0, end);
}

function addressOf(link: string): string {
	if (/^https?:\/\//i.test(link)) return link;
	return link.toLowerCase().startsWith('www.') ? `https://${link}` : `mailto:${link}`;
}

/** Finds web and mail addresses in a text; the texts joined are the text again. */
export function linksOf(text: string): Inline[] {
	const parts: Inline[] = [];
	let end = 0;
	for (const match of text.matchAll(linkPattern)) {
		const link = trimmedLink(match[0]);
		if (match.index > end) parts.push({ kind: 'text', text: text.slice(end, match.index) });
		parts.push({ kind: 'link', text: link, href: addressOf(link) });
		end = match.index + link.length;
	}
	if (end < text.length) parts.push({ kind: 'text', text: text.slice(end) });
	return parts;
}
