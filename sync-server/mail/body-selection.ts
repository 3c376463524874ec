/**
 * Which parts of a message are its text, which its HTML, and which are files: the algorithm of RFC 8621 section
 * 4.1.4, with two additions. In a multipart/alternative the last part of a kind wins (RFC 2046 section 5.1.4), and
 * each remaining part keeps where it lay, so that machine parts are not counted as attachments.
 */
import { dispositionOf, type DispositionWish } from './parameters.ts';
import type { EmbeddedMessage, Entity, Leaf, Multipart } from './structure.ts';
import { fieldValue } from './header-block.ts';

/** Where a part that is not shown as text lay. */
export type Surroundings =
	/** In the message itself or a multipart/mixed. */
	| 'message'
	/** Beside the HTML that may show it in place. */
	| 'related'
	/** Another form of what is shown already. */
	| 'alternative'
	/** For machines: in a multipart/report, or the signature in a multipart/signed. */
	| 'machine';

export interface RemainingPart {
	readonly entity: Leaf | EmbeddedMessage;
	readonly surroundings: Surroundings;
	readonly wish: DispositionWish;
}

/** The parts of a message by their use, each in order. */
export interface Body {
	/** Text for a reader who wants plain text; HTML where that is all there is. */
	readonly text: readonly Leaf[];
	/** The same for a reader who wants HTML; plain text where that is all there is. */
	readonly html: readonly Leaf[];
	readonly remaining: readonly RemainingPart[];
}

interface Collection {
	readonly text: Leaf[];
	readonly html: Leaf[];
	readonly remaining: RemainingPart[];
}

/** A list that takes no more: the other kind alone goes on in this alternative. */
type Target = Leaf[] | null;

/** Text that is data for a program, not for reading in place. */
const dataTypes =
	/^text\/(calendar|vcard|x-vcard|directory|x-vcalendar|csv|tab-separated-values|rtf|css|javascript|ecmascript|xml|rfc822-headers|x-amp-html|x-watch-html)$/;

/** Text of any other subtype is read as plain text (RFC 2046 section 4.1.4). */
const isPlain = (type: string): boolean =>
	type === 'text/plain' || (type.startsWith('text/') && type !== 'text/html' && !dataTypes.test(type));

interface Siblings {
	readonly type: string;
	readonly position: number;
	readonly inAlternative: boolean;
}

function hasName(leaf: Leaf): boolean {
	if (leaf.mediaType.parameters.has('name')) return true;
	return dispositionOf(fieldValue(leaf.fields, 'content-disposition')).parameters.has('filename');
}

function isShown(leaf: Leaf, wish: DispositionWish, siblings: Siblings): boolean {
	const { type } = leaf.mediaType;
	if (wish === 'attachment') return false;
	if (
		siblings.type === 'alternative'
			? type !== 'text/plain' && type !== 'text/html'
			: !isPlain(type) && type !== 'text/html'
	) {
		return false;
	}
	if (siblings.position === 0) return true;
	return siblings.type !== 'related' && !hasName(leaf);
}

function surroundingsOf(siblings: Siblings): Surroundings {
	if (siblings.type === 'report') return 'machine';
	if (siblings.type === 'signed' && siblings.position > 0) return 'machine';
	if (siblings.type === 'related') return 'related';
	return siblings.inAlternative ? 'alternative' : 'message';
}

function orderedChildren(multipart: Multipart, subtype: string): readonly Entity[] {
	if (subtype !== 'related') return multipart.children;
	// The root of multipart/related is the first part, or the one that `start` names (RFC 2387 section 3.2).
	const start = multipart.mediaType.parameters.get('start')?.bytes.replace(/[<>\s]/g, '') ?? '';
	const root = multipart.children.find(
		(child) => start !== '' && fieldValue(child.fields, 'content-id').replace(/[<>\s]/g, '') === start
	);
	return root ? [root, ...multipart.children.filter((child) => child !== root)] : multipart.children;
}

/** Mirrors what only one of the lists got of an alternative into the other. */
function mirror(text: Leaf[], html: Leaf[], textLength: number, htmlLength: number): void {
	if (text.length === textLength && html.length !== htmlLength) text.push(...html.slice(htmlLength));
	else if (html.length === htmlLength && text.length !== textLength) html.push(...text.slice(textLength));
}

interface AlternativeLists {
	readonly text: Target;
	readonly html: Target;
	/** The last leaf of each kind in this alternative. */
	lastText: Leaf | undefined;
	lastHtml: Leaf | undefined;
}

/** Puts a leaf of an alternative in; an earlier sibling of its kind is the poorer form and steps back. */
function collectAlternativeLeaf(leaf: Leaf, lists: AlternativeLists, all: Collection): void {
	const isHtml = leaf.mediaType.type === 'text/html';
	const target = isHtml ? lists.html : lists.text;
	const poorer = target ? (isHtml ? lists.lastHtml : lists.lastText) : leaf;
	if (poorer) all.remaining.push({ entity: poorer, surroundings: 'alternative', wish: null });
	if (!target) return;
	if (poorer) target.splice(target.indexOf(poorer), 1);
	target.push(leaf);
	if (isHtml) lists.lastHtml = leaf;
	else lists.lastText = leaf;
}

function collectChildren(
	parent: Multipart,
	inAlternative: boolean,
	texts: Target,
	htmls: Target,
	all: Collection
): void {
	const type = parent.mediaType.type.slice('multipart/'.length);
	const lists: AlternativeLists = { text: texts, html: htmls, lastText: undefined, lastHtml: undefined };
	let [text, html] = [texts, htmls];
	const [textLength, htmlLength] = [texts?.length ?? 0, htmls?.length ?? 0];
	orderedChildren(parent, type).forEach((child, position) => {
		const siblings: Siblings = { type, position, inAlternative };
		if (child.kind === 'multipart') {
			collectChildren(child, inAlternative || type === 'alternative', text, html, all);
			return;
		}
		const { wish } = dispositionOf(fieldValue(child.fields, 'content-disposition'));
		if (child.kind === 'message' || !isShown(child, wish, siblings)) {
			const surroundings = type === 'alternative' ? 'alternative' : surroundingsOf(siblings);
			all.remaining.push({ entity: child, surroundings, wish });
			return;
		}
		if (type === 'alternative') {
			collectAlternativeLeaf(child, lists, all);
			return;
		}
		// The first text within a branch of an alternative tells which kind the branch is of.
		if (inAlternative && text && html) {
			if (child.mediaType.type === 'text/html') text = null;
			else html = null;
		}
		text?.push(child);
		html?.push(child);
	});
	if (type === 'alternative' && texts && htmls) mirror(texts, htmls, textLength, htmlLength);
}

/** Sorts the parts of a message by their use. An embedded message is one part; what is in it is not looked at. */
export function selectBody(root: Entity): Body {
	const all: Collection = { text: [], html: [], remaining: [] };
	if (root.kind === 'multipart') {
		collectChildren(root, false, all.text, all.html, all);
		return all;
	}
	const { wish } = dispositionOf(fieldValue(root.fields, 'content-disposition'));
	const siblings: Siblings = { type: 'mixed', position: 0, inAlternative: false };
	if (root.kind === 'leaf' && isShown(root, wish, siblings))
		return { text: [root], html: [root], remaining: [] };
	return { text: [], html: [], remaining: [{ entity: root, surroundings: 'message', wish }] };
}
