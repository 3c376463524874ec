import { walk } from './letter-html.ts';

const blocks = new Set(
	'p div h1 h2 h3 h4 h5 h6 ul ol li blockquote pre hr table tr dl dt dd center caption'.split(' ')
);
/** Blocks with an empty line around them. */
const spaced = new Set('p h1 h2 h3 h4 h5 h6 ul ol blockquote pre table dl'.split(' '));

/** More marks than these say nothing to a reader. */
const deepestQuote = 20;
const deepestList = 10;

const isList = (name: string) => name === 'ul' || name === 'ol';

interface List {
	readonly ordered: boolean;
	count: number;
}

/**
 * The line that is being written: pieces, and what has to be known of them, so that no piece costs a look at those
 * before it.
 */
class Line {
	#pieces: string[] = [];
	#isBlank = true;
	#endsInSpace = true;

	/** Whether nothing but white space is in it. */
	get isBlank(): boolean {
		return this.#isBlank;
	}

	/** Whether it is empty or white space is last in it. */
	get endsInSpace(): boolean {
		return this.#endsInSpace;
	}

	add(piece: string): void {
		if (piece === '') return;
		this.#pieces.push(piece);
		const isBlank = piece.trimEnd() === '';
		this.#isBlank &&= isBlank;
		this.#endsInSpace = isBlank || /\s/.test(piece.slice(-1));
	}

	/** Its last characters, so many at least as it has them. */
	end(length: number): string {
		const last: string[] = [];
		let found = 0;
		for (let index = this.#pieces.length - 1; index >= 0 && found < length; index -= 1) {
			const piece = this.#pieces[index] ?? '';
			last.push(piece.slice(-(length - found)));
			found += piece.length;
		}
		return last.reverse().join('');
	}

	/** What was written, which is taken out. */
	take(): string {
		const line = this.#pieces.join('');
		this.start('');
		return line;
	}

	/** Begins anew with this. */
	start(piece: string): void {
		this.#pieces = [];
		this.#isBlank = true;
		this.#endsInSpace = true;
		this.add(piece);
	}
}

/** The lines a letter becomes, grown element by element. */
class TextWriter {
	readonly #lines: string[] = [];
	readonly #line = new Line();
	#quotes = 0;
	/** Quotes of the line before, so that a gap between two lines stands in what both are in. */
	#quotesBefore = 0;
	#gapWanted = false;
	#preformatted = 0;
	readonly #lists: List[] = [];
	readonly #links: { readonly href: string; readonly from: number }[] = [];
	#written = 0;

	open(name: string, attributes: Readonly<Record<string, string>>): void {
		if (blocks.has(name)) this.#edge(name, this.#lists.length);
		if (name === 'br') this.#endLine();
		else if (name === 'hr') this.#line.start('----------');
		else if (name === 'img') this.#write(attributes['alt'] ?? '');
		else if (name === 'blockquote') this.#quotes += 1;
		else if (name === 'pre') this.#preformatted += 1;
		else if (isList(name)) this.#lists.push({ ordered: name === 'ol', count: 0 });
		else if (name === 'li') this.#startItem();
		else if (name === 'a') this.#links.push({ href: attributes['href'] ?? '', from: this.#written });
	}

	close(name: string): void {
		if (name === 'a') this.#endLink();
		else if (name === 'td' || name === 'th') this.#write(' ');
		else if (blocks.has(name)) this.#edge(name, this.#lists.length - (isList(name) ? 1 : 0));
		if (name === 'blockquote') this.#quotes -= 1;
		else if (name === 'pre') this.#preformatted -= 1;
		else if (isList(name)) this.#lists.pop();
	}

	text(text: string): void {
		if (this.#preformatted === 0) return this.#write(text.replace(/[ \t\r\n\f]+/g, ' '));
		const [first = '', ...rest] = text.split(/\r?\n/);
		this.#write(first);
		for (const line of rest) {
			this.#endLine();
			this.#write(line);
		}
	}

	end(): string {
		if (!this.#line.isBlank) this.#endLine();
		return this.#lines.join('\n').trim();
	}

	#write(text: string): void {
		const joined = this.#preformatted === 0 && this.#line.endsInSpace ? text.trimStart() : text;
		this.#line.add(joined);
		this.#written += joined.length;
	}

	#endLine(): void {
		if (this.#gapWanted) this.#push('', Math.min(this.#quotes, this.#quotesBefore));
		this.#gapWanted = false;
		this.#push(this.#line.take().trimEnd(), this.#quotes);
		this.#quotesBefore = this.#quotes;
	}

	#push(line: string, quotes: number): void {
		const prefix = '>'.repeat(Math.min(quotes, deepestQuote));
		this.#lines.push(prefix === '' ? line : `${prefix} ${line}`.trimEnd());
	}

	/** A block begins or ends inside so many lists: so does a line, and around some blocks there is a gap. */
	#edge(name: string, lists: number): void {
		if (!this.#line.isBlank) this.#endLine();
		if (spaced.has(name) && lists === 0 && this.#lines.length > 0) this.#gapWanted = true;
	}

	#startItem(): void {
		const list = this.#lists.at(-1);
		if (list === undefined) return;
		list.count += 1;
		const indent = '  '.repeat(Math.min(this.#lists.length - 1, deepestList));
		this.#line.start(list.ordered ? `${indent}${list.count}. ` : `${indent}- `);
	}

	/** A link shows where it leads, unless its words say so. */
	#endLink(): void {
		const link = this.#links.pop();
		if (link === undefined || !/^https?:/i.test(link.href)) return;
		const length = this.#written - link.from;
		// Words much longer than the address are not the address; they may be the whole letter.
		const isShown = length <= link.href.length + 100 && this.#line.end(length).trim() === link.href;
		if (!isShown) this.#write(` <${link.href}>`);
	}
}

/**
 * A letter's HTML as plain text: lists with bullets, quotes with `>`, links with their addresses.
 *
 * @throws LetterTooDeepError as {@link walk}
 */
export function textOfLetter(html: string): string {
	const writer = new TextWriter();
	walk(html, writer);
	return writer.end();
}
