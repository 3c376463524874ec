import { styleAttribute, type CleanHtml } from './clean-html.ts';

/** Declarations that choose a colour, or could: an escape may spell anything. */
const colouring =
	/color|background|filter|blend|shadow|#[0-9a-f]{3}|\b(?:rgb|hsl)a?\s*\(|\b(?:black|white)\b(?!-)|\\/i;

/** Attributes of HTML that choose one. */
const colouredElements = '[bgcolor], [color], [text], [bordercolor]';

/** Whether a sheet, or the declarations of one element, choose colours. */
export function choosesColours(css: string): boolean {
	return colouring.test(css);
}

/**
 * Whether a letter chooses colours. One that does is shown on white, for which it was made; any other takes
 * the colours of the page around it.
 */
export function hasOwnColours({ body, sheets }: CleanHtml): boolean {
	if (sheets.some(choosesColours) || body.matches(colouredElements)) return true;
	if (body.querySelector(colouredElements) !== null) return true;
	return [body, ...body.querySelectorAll(`[${styleAttribute}]`)].some((element) =>
		choosesColours(element.getAttribute(styleAttribute) ?? '')
	);
}

/** The colours of the page around that a letter without its own is shown in. */
const borrowed = ['--surface', '--sunken', '--line', '--text', '--text-2', '--accent-text'] as const;

/** The sheet of a letter in borrowed colours. */
export const borrowedSheet = `
	html { background: var(--surface); }
	html[data-mode='dark'] { color-scheme: dark; }
	body { color: var(--text); }
	blockquote { border-color: var(--line); color: var(--text-2); }
	a { color: var(--accent-text); }
	img:not([src]), .folded-quote > summary { background: var(--sunken); color: var(--text-2); }
`;

/** Gives a letter's page the colours of the page around it, and keeps them; returns the end of keeping. */
export function lendColours(page: Document, around: HTMLElement): () => void {
	const lend = () => {
		const colours = getComputedStyle(around);
		const { dataset, style } = page.documentElement;
		dataset['mode'] = around.dataset['mode'] ?? 'light';
		for (const name of borrowed) style.setProperty(name, colours.getPropertyValue(name));
	};
	lend();
	const observer = new MutationObserver(lend);
	observer.observe(around, { attributes: true, attributeFilter: ['data-mode', 'style'] });
	return () => {
		observer.disconnect();
	};
}
