import { contentIdAttribute, styleAttribute, type CleanHtml } from './clean-html.ts';
import { borrowedSheet } from './letter-colours.ts';

/**
 * The page a letter is shown in. It holds no script and may run none (the frame is sandboxed without
 * `allow-scripts`), and its own policy allows pictures that the letter carries and nothing else.
 */
export const framePage = [
	'<!doctype html><html><head><meta charset="utf-8">',
	`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'">`,
	'<meta name="referrer" content="no-referrer"><meta http-equiv="x-dns-prefetch-control" content="off">',
	'<base target="_blank"></head><body></body></html>'
].join('');

/** `allow-same-origin` lets this page measure the letter and give it pictures; scripts stay forbidden. */
export const frameSandbox = 'allow-same-origin allow-popups allow-popups-to-escape-sandbox';

const baseSheet = `
	html { color-scheme: light; background: #fff; }
	html, body { height: auto !important; min-height: 0 !important; max-height: none !important; }
	body { margin: 0; color: #1d2430; font: 15px/1.7 -apple-system, "Segoe UI", Roboto, "Helvetica Neue",
		"Noto Sans", "Liberation Sans", Arial, "PingFang SC", "HarmonyOS Sans SC",
		"Microsoft YaHei UI", "Noto Sans SC", "Noto Sans CJK SC", system-ui, sans-serif;
		overflow-wrap: anywhere; overflow-x: auto; overflow-y: hidden; }
	p { margin: 0 0 8px; }
	img { max-width: 100%; }
	img:not([width]):not([height]) { height: auto; }
	img:not([src]) { display: inline-block; overflow: hidden; border-radius: 4px; background: #eceff4; color: #4d5766;
		font-size: 12px; }
	pre { white-space: pre-wrap; }
	blockquote { margin: 0 0 0 2px; padding-left: 12px; border-left: 2px solid #cdd3dd; color: #4d5766; }
	a { color: #1559b0; }
	.folded-quote { margin-top: 12px; }
	.folded-quote > summary { display: inline-block; padding: 1px 9px; border-radius: 6px; background: #eceff4;
		color: #4d5766; font-size: 12px; cursor: pointer; list-style: none; }
	.folded-quote[open] > summary { margin-bottom: 10px; }
`;

/**
 * Puts a cleaned letter into its frame, on white or in the colours of the page around it. Declarations and
 * sheets go in through the CSSOM, which a page without inline styles allows.
 */
export function fillFrame(page: Document, letter: CleanHtml, ownColours: boolean): void {
	const view = page.defaultView;
	if (view === null) return;
	const sheetOf = (css: string) => {
		const sheet = new view.CSSStyleSheet();
		sheet.replaceSync(css);
		return sheet;
	};
	const sheets = ownColours ? letter.sheets : [borrowedSheet, ...letter.sheets];
	page.adoptedStyleSheets = [baseSheet, ...sheets].map(sheetOf);
	const { attributes } = letter.body;
	for (const { name, value } of [...attributes]) {
		if (name !== styleAttribute) page.body.setAttribute(name, value);
	}
	const bodyStyle = letter.body.getAttribute(styleAttribute);
	// Copies: the browser loads a frame anew when it is moved on the page.
	page.body.replaceChildren(...Array.from(letter.body.childNodes, (node) => page.importNode(node, true)));
	page.documentElement.lang = /\p{Script=Han}/u.test(page.body.textContent) ? 'zh-CN' : 'en';
	if (bodyStyle !== null) page.body.style.cssText = bodyStyle;
	for (const element of page.body.querySelectorAll<HTMLElement>(`[${styleAttribute}]`)) {
		element.style.cssText = element.getAttribute(styleAttribute) ?? '';
		element.removeAttribute(styleAttribute);
	}
}

/** The pictures of the letter that its own parts hold, by Content-ID. */
export function framePictures(
	page: Document
): { readonly contentId: string; readonly picture: HTMLImageElement }[] {
	return [...page.querySelectorAll<HTMLImageElement>(`img[${contentIdAttribute}]`)].map((picture) => ({
		contentId: picture.getAttribute(contentIdAttribute) ?? '',
		picture
	}));
}
