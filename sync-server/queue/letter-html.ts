import { Parser } from 'htmlparser2';
import { escapeHtml } from '#schema/mail/html.ts';
import { cleanAttributes } from './letter-attributes.ts';

/** Elements of a letter that are kept; any other is left out and its content stays. */
const keptElements = new Set(
	(
		'p div h1 h2 h3 h4 h5 h6 ul ol li blockquote pre hr table thead tbody tfoot tr td th caption colgroup col ' +
		'dl dt dd center a b strong i em u s strike del ins code span font sub sup small big br img mark abbr cite ' +
		'q kbd samp var tt'
	).split(' ')
);

/** Elements that are left out together with everything in them. */
const droppedElements = new Set(
	(
		'script style title noscript iframe object applet template svg math textarea select button audio video ' +
		'canvas frameset noframes xmp plaintext noembed'
	).split(' ')
);

const voidElements = new Set(['br', 'hr', 'img', 'col']);

/** Deeper elements are left out; their content stays. */
const deepest = 100;

/** No letter nests this deep; the time the tokenizer takes grows with the square of it. */
const refusedDepth = 2000;

/** The HTML is no letter but an attempt to keep the server busy. */
export class LetterTooDeepError extends Error {
	override readonly name = 'LetterTooDeepError';
}

/**
 * The HTML of a letter, rebuilt from what an allow-list lets pass: no script, handler, form, frame, style sheet
 * or address of an unknown scheme can be in it, whatever was in `html`. Every tag is written anew and balanced.
 *
 * @throws LetterTooDeepError as {@link walk}
 */
export function cleanLetterHtml(html: string): string {
	const output: string[] = [];
	walk(html, {
		open: (name, attributes) => {
			const kept = cleanAttributes(name, attributes).map(([key, value]) => ` ${key}="${escapeHtml(value)}"`);
			output.push(`<${name}${kept.join('')}>`);
		},
		close: (name) => output.push(`</${name}>`),
		text: (text) => output.push(escapeHtml(text))
	});
	return output.join('');
}

/** What a walk over a letter's kept elements meets, in order; every `open` but a void one has its `close`. */
export interface LetterVisitor {
	open(name: string, attributes: Readonly<Record<string, string>>): void;
	close(name: string): void;
	text(text: string): void;
}

/** Whether the element never has content and so no end tag. */
function isVoid(name: string): boolean {
	return voidElements.has(name);
}

/**
 * Goes through the elements of a letter that are kept; `html` may be anything.
 *
 * @throws LetterTooDeepError where elements nest deeper than in any letter
 */
export function walk(html: string, visitor: LetterVisitor): void {
	const open: string[] = [];
	const dropped: string[] = [];
	let depth = 0;
	let nesting = 0;
	const parser = new Parser({
		onopentag(name, attributes) {
			nesting += 1;
			if (nesting > refusedDepth) throw new LetterTooDeepError();
			if (droppedElements.has(name)) dropped.push(name);
			if (dropped.length > 0 || !keptElements.has(name)) return;
			if (isVoid(name)) {
				visitor.open(name, attributes);
				return;
			}
			depth += 1;
			if (depth > deepest) return;
			open.push(name);
			visitor.open(name, attributes);
		},
		onclosetag(name) {
			nesting -= 1;
			if (dropped.length > 0) {
				if (dropped.at(-1) === name) dropped.pop();
				return;
			}
			if (!keptElements.has(name) || isVoid(name)) return;
			depth -= 1;
			if (depth >= deepest || open.at(-1) !== name) return;
			open.pop();
			visitor.close(name);
		},
		ontext(text) {
			if (dropped.length === 0) visitor.text(text);
		}
	});
	parser.write(html);
	parser.end();
	for (const name of open.reverse()) visitor.close(name);
}
