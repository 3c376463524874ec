import createPurifier from 'dompurify';
import { isLetterLink } from '#schema/mail/links.ts';
import { cleanCss } from './clean-css.ts';

/** HTML of a letter after cleaning: a tree that runs nothing and fetches nothing, not yet in any page. */
export interface CleanHtml {
	readonly body: HTMLElement;
	/** Sheets of the letter, cleaned, in order. */
	readonly sheets: readonly string[];
	/** How many remote pictures, sheets and backgrounds were taken out. */
	readonly blocked: number;
}

/** Set on pictures that a part of the letter holds: the Content-ID without brackets. */
export const contentIdAttribute = 'data-content-id';
/** Set on elements whose declarations are applied through the CSSOM, so that no inline style is parsed. */
export const styleAttribute = 'data-style';

const forbiddenTags = [
	...['form', 'input', 'button', 'select', 'option', 'textarea', 'fieldset', 'output', 'dialog', 'template'],
	...[
		'iframe',
		'frame',
		'object',
		'embed',
		'applet',
		'link',
		'meta',
		'base',
		'audio',
		'video',
		'source',
		'track'
	],
	...['svg', 'math', 'canvas', 'noscript', 'portal', 'slot', 'marquee']
];

/** Attributes that fetch, submit, or reach out of the letter. */
const forbiddenAttributes = [
	...['srcset', 'sizes', 'poster', 'ping', 'action', 'formaction', 'usemap', 'longdesc', 'lowsrc'],
	...[
		'dynsrc',
		'cite',
		'codebase',
		'data',
		'profile',
		'manifest',
		'target',
		'rel',
		'download',
		'autofocus',
		'tabindex'
	],
	...['popover', 'popovertarget', 'is', 'slot', 'part', 'accesskey', 'contenteditable', 'draggable', 'nonce']
];

/** Cleans the HTML of a letter (hostile input). Nothing is fetched while it does. */
export function cleanHtml(html: string): CleanHtml {
	let blocked = 0;
	const tree = createPurifier(window).sanitize(html, {
		USE_PROFILES: { html: true },
		WHOLE_DOCUMENT: true,
		RETURN_DOM: true,
		ALLOW_DATA_ATTR: false,
		ALLOW_ARIA_ATTR: true,
		ADD_TAGS: ['style'],
		FORBID_TAGS: forbiddenTags,
		FORBID_ATTR: forbiddenAttributes
	}) as HTMLElement;
	const body = tree.querySelector('body') ?? tree;
	const sheets: string[] = [];
	for (const sheet of tree.querySelectorAll('style')) {
		const { css, remote } = cleanCss(sheet.textContent);
		if (css.trim() !== '') sheets.push(css);
		if (remote) blocked += 1;
		sheet.remove();
	}
	for (const element of [body, ...body.querySelectorAll<HTMLElement>('*')]) {
		if (cleanElement(element)) blocked += 1;
	}
	return { body, sheets, blocked };
}

/** Cleans one element's attributes; tells whether something remote went. */
function cleanElement(element: HTMLElement): boolean {
	let remote = false;
	const style = element.getAttribute('style');
	if (style !== null) {
		const cleaned = cleanCss(style);
		remote = cleaned.remote;
		element.removeAttribute('style');
		if (cleaned.css.trim() !== '') element.setAttribute(styleAttribute, cleaned.css);
	}
	if (element.hasAttribute('background')) {
		element.removeAttribute('background');
		remote = true;
	}
	if (element.hasAttribute('src') && cleanSource(element)) remote = true;
	if (element.hasAttribute('href')) cleanLink(element);
	return remote;
}

/** A picture shows what it carries itself, or a part of the letter; everything else stays away. */
function cleanSource(element: HTMLElement): boolean {
	const source = (element.getAttribute('src') ?? '').trim();
	const isPicture = element.localName === 'img';
	if (isPicture && /^data:image\/(?!svg)/i.test(source)) return false;
	element.removeAttribute('src');
	const contentId = /^cid:(.+)$/is.exec(source)?.[1];
	if (isPicture && contentId !== undefined) {
		element.setAttribute(contentIdAttribute, decoded(contentId));
		return false;
	}
	return source !== '' && !/^(?:cid|data):/i.test(source);
}

function decoded(contentId: string): string {
	try {
		return decodeURIComponent(contentId);
	} catch {
		// A stray per cent sign: the id is meant literally.
		return contentId;
	}
}

/**
 * Links leave for a new tab and tell nothing of where they come from. Their tooltip says where they lead:
 * a title of the letter's own, also on what is in the link, could name another place.
 */
function cleanLink(element: HTMLElement): void {
	const address = (element.getAttribute('href') ?? '').trim();
	if (!isLetterLink(address)) {
		element.removeAttribute('href');
		return;
	}
	element.setAttribute('href', address);
	element.setAttribute('target', '_blank');
	element.setAttribute('rel', 'noopener noreferrer nofollow');
	element.setAttribute('title', address.slice(0, 300));
	for (const inner of element.querySelectorAll('[title]')) inner.removeAttribute('title');
}
