/**
 * Plain text of HTML, for snippets and where an HTML piece stands among plain ones. It is never put into a page as
 * HTML, so it needs no safety, only speed and an end: one pass, no backtracking, whatever the input. Own code:
 * parsers of the whole language cost many times the rest of the message's parsing.
 */
import { decodeEntities } from './html-entities.ts';

/** Elements whose content is no text for a reader. */
const unread = new Set(['script', 'style', 'head', 'title', 'template', 'noscript', 'xml', 'object', 'svg']);

/** Elements that leave the line as it is. */
const inline = new Set(
	'a abbr acronym b bdi bdo big cite code del dfn em font i ins kbd mark q s samp small span strike strong sub sup tt u var wbr'.split(
		' '
	)
);

const tagName = /^\/?([a-z][a-z0-9:]{0,30})/i;

/** Finds `needle` from an offset on; once it is not found, it is not looked for again. */
class Finder {
	readonly #text: string;
	readonly #absent = new Set<string>();

	constructor(text: string) {
		this.#text = text;
	}

	indexOf(needle: string, from: number): number {
		if (this.#absent.has(needle)) return -1;
		const found = this.#text.indexOf(needle, from);
		if (found < 0) this.#absent.add(needle);
		return found;
	}
}

/** Offset behind the tag whose `<` is at `start`; quoted attribute values may hold `>`. */
function behindTag(text: string, finder: Finder, start: number): number {
	let offset = start + 1;
	while (offset < text.length) {
		const character = text[offset];
		if (character === '>') return offset + 1;
		if ((character === '"' || character === "'") && text[offset - 1] === '=') {
			const end = finder.indexOf(character, offset + 1);
			offset = end < 0 ? offset + 1 : end + 1;
		} else offset += 1;
	}
	return text.length;
}

/** Offset behind the content of an element that is not read; the end where it is never closed. */
function behindElement(lower: string, finder: Finder, name: string, start: number): number {
	const end = finder.indexOf(`</${name}`, start);
	if (end < 0) return name === 'head' || name === 'object' || name === 'svg' ? start : lower.length;
	const close = lower.indexOf('>', end);
	return close < 0 ? lower.length : close + 1;
}

function behindMarkup(text: string, finder: Finder, start: number): number {
	if (text.startsWith('<!--', start)) {
		const end = finder.indexOf('-->', start + 4);
		return end < 0 ? text.length : end + 3;
	}
	const end = finder.indexOf('>', start);
	return end < 0 ? text.length : end + 1;
}

/**
 * The readable text of HTML, with line ends where blocks end.
 * @param limit how many characters are wanted; somewhat more may come
 */
export function textOfHtml(html: string, limit: number): string {
	const lower = html.toLowerCase();
	// Lower-casing may change the length of a few letters; offsets would not fit then.
	const text = lower.length === html.length ? html : lower;
	const finder = new Finder(lower);
	let output = '';
	let offset = 0;
	while (offset < text.length && output.length < limit) {
		const open = text.indexOf('<', offset);
		const end = open < 0 ? text.length : open;
		if (end > offset) {
			const piece = decodeEntities(text.slice(offset, Math.min(end, offset + 4 * limit)));
			output += piece.replace(/\s+/g, ' ');
		}
		if (open < 0) break;
		const name = tagName.exec(lower.slice(open + 1, open + 40))?.[1];
		if (name === undefined) {
			const markup = /^[!?/]/.test(lower.slice(open + 1, open + 2));
			if (!markup) output += '<';
			offset = markup ? behindMarkup(text, finder, open) : open + 1;
			continue;
		}
		offset = behindTag(lower, finder, open);
		if (unread.has(name) && lower[open + 1] !== '/') offset = behindElement(lower, finder, name, offset);
		if (!inline.has(name)) output += '\n';
	}
	return output
		.replace(/ +/g, ' ')
		.replace(/ ?\n\s*/g, '\n')
		.trim();
}

/** The identifiers of parts that HTML shows in place (`cid:`, RFC 2392), in the form of Content-ID without brackets. */
export function contentIdsIn(html: string): ReadonlySet<string> {
	const ids = new Set<string>();
	for (const [, id = ''] of html.matchAll(/\bcid:([^"'\s<>)]{1,300})/gi)) {
		ids.add(id);
		try {
			ids.add(decodeURIComponent(id));
		} catch {
			// Not percent-encoded after all: the identifier as it stands was added above.
		}
	}
	return ids;
}
