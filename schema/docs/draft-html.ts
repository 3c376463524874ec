import * as Y from 'yjs';
import { escapeHtml } from '../mail/html.ts';
import { isLetterLink } from '../mail/links.ts';
import type { Quoted } from './draft-original.ts';

/** Elements of the editor's nodes; what is not listed shows its children only. */
const elements: Readonly<Record<string, string>> = {
	paragraph: 'p',
	bulletList: 'ul',
	orderedList: 'ol',
	listItem: 'li',
	blockquote: 'blockquote',
	horizontalRule: 'hr',
	hardBreak: 'br'
};
const voidElements = new Set(['hr', 'br']);

/** Marks of text from the outside in, and their elements. */
const marks: readonly (readonly [mark: string, element: string])[] = [
	['link', 'a'],
	['bold', 'strong'],
	['italic', 'em'],
	['underline', 'u'],
	['strike', 's'],
	['code', 'code']
];

interface Run {
	readonly insert?: unknown;
	readonly attributes?: Readonly<Record<string, unknown>>;
}

function linkOf(attribute: unknown): string | undefined {
	const { href } = (attribute ?? {}) as { href?: unknown };
	return typeof href === 'string' && isLetterLink(href) ? href : undefined;
}

function runHtml({ insert, attributes = {} }: Run): string {
	if (typeof insert !== 'string') return '';
	let html = escapeHtml(insert);
	for (const [mark, element] of marks.toReversed()) {
		// The editor's binding may number a mark that can stand more than once, as in `link--x`.
		const attribute = Object.entries(attributes).find(([name]) => name.split('--')[0] === mark)?.[1];
		if (attribute === undefined || attribute === null || attribute === false) continue;
		const href = mark === 'link' ? linkOf(attribute) : undefined;
		if (mark === 'link' && href === undefined) continue;
		html =
			href === undefined ? `<${element}>${html}</${element}>` : `<a href="${escapeHtml(href)}">${html}</a>`;
	}
	return html;
}

/** Deeper nesting than any editor makes is flattened, so that a hostile document ends no stack. */
const deepest = 50;

function nodeHtml(node: Y.XmlElement | Y.XmlText | Y.XmlHook, depth: number): string {
	if (node instanceof Y.XmlText) return (node.toDelta() as Run[]).map(runHtml).join('');
	if (!(node instanceof Y.XmlElement) || depth > deepest) return '';
	const children = childrenHtml(node, depth + 1);
	if (node.nodeName === 'codeBlock') return `<pre><code>${children}</code></pre>`;
	if (node.nodeName === 'heading') {
		const level = Math.min(6, Math.max(1, Math.trunc(Number(node.getAttribute('level'))) || 1));
		return `<h${level}>${children}</h${level}>`;
	}
	const element = elements[node.nodeName];
	if (element === undefined) return children;
	return voidElements.has(element) ? `<${element}>` : `<${element}>${children}</${element}>`;
}

function childrenHtml(parent: Y.XmlFragment, depth: number): string {
	return parent
		.toArray()
		.map((node) => nodeHtml(node, depth))
		.join('');
}

/** A draft's body as HTML of the editor's own schema, the quoted letter under it. */
export function draftHtml(body: Y.XmlFragment, quoted: Quoted | undefined): string {
	const html = childrenHtml(body, 0);
	if (quoted === undefined) return html;
	const attribution = quoted.attribution === '' ? '' : `<p>${escapeHtml(quoted.attribution)}</p>`;
	return `${html}${attribution}<blockquote>${quoted.html}</blockquote>`;
}

const blocks = new Set([
	'paragraph',
	'heading',
	'listItem',
	'blockquote',
	'codeBlock',
	'horizontalRule',
	'hardBreak'
]);

/** What was written, as plain text: one line per block. */
export function bodyText(fragment: Y.XmlFragment, depth = 0): string {
	if (depth > deepest) return '';
	return fragment
		.toArray()
		.map((node) => {
			if (node instanceof Y.XmlText) {
				return (node.toDelta() as Run[])
					.map(({ insert }) => (typeof insert === 'string' ? insert : ''))
					.join('');
			}
			if (!(node instanceof Y.XmlElement)) return '';
			const text = bodyText(node, depth + 1);
			return blocks.has(node.nodeName) ? `${text}\n` : text;
		})
		.join('');
}
