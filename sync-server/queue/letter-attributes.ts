import { isLetterLink } from '#schema/mail/links.ts';

/** Attributes of any element that are kept. */
const everywhere = new Set(['title', 'dir', 'lang', 'align', 'style', 'class']);

/** Attributes kept on one element only. */
const onElement: Readonly<Record<string, readonly string[]>> = {
	a: ['href'],
	img: ['src', 'alt', 'width', 'height'],
	table: ['border', 'cellpadding', 'cellspacing', 'width', 'bgcolor'],
	td: ['colspan', 'rowspan', 'valign', 'width', 'height', 'bgcolor'],
	th: ['colspan', 'rowspan', 'valign', 'width', 'height', 'bgcolor'],
	tr: ['valign', 'bgcolor'],
	col: ['span', 'width'],
	colgroup: ['span', 'width'],
	font: ['color', 'face', 'size'],
	ol: ['start', 'type'],
	blockquote: ['cite', 'type']
};

/** Properties a `style` attribute may set; none of them can fetch, position over the page or run anything. */
const keptProperties =
	/^(color|background-color|font(-family|-size|-style|-weight)?|text-(align|decoration|indent|transform)|line-height|letter-spacing|white-space|word-break|vertical-align|direction|display|list-style-type|width|height|(max|min)-(width|height)|border(-(top|right|bottom|left))?(-(color|style|width))?|border-(collapse|radius|spacing)|(margin|padding)(-(top|right|bottom|left))?)$/;

/** What makes a value of a property more than a value. */
const unsafeValue = /url|expression|image|javascript|[@\\<>{}()]|\/\*/i;
/** Functions that only make a colour. */
const colourFunction = /\b(rgba?|hsla?)\([\d\s.,%/]*\)/gi;

const longestStyle = 2000;
const longestAddress = 8000;

/** The attributes of a letter's element that are kept, their values cleaned. */
export function cleanAttributes(
	element: string,
	attributes: Readonly<Record<string, string>>
): (readonly [string, string])[] {
	const kept: (readonly [string, string])[] = [];
	for (const [name, value] of Object.entries(attributes)) {
		if (!everywhere.has(name) && !(onElement[element]?.includes(name) ?? false)) continue;
		const clean = cleanValue(name, value);
		if (clean !== null) kept.push([name, clean]);
	}
	return kept;
}

function cleanValue(name: string, value: string): string | null {
	switch (name) {
		case 'style':
			return cleanStyle(value);
		case 'href':
			return cleanLink(value);
		case 'src':
			return cleanSource(value);
		case 'cite':
			return /^(https?|mid|cid):/i.test(value) ? value.slice(0, longestAddress) : null;
		case 'class':
			return /^[\w -]{1,200}$/.test(value) ? value : null;
		default:
			return value.slice(0, 1000);
	}
}

/** The declarations of a style attribute that only change how text and boxes look; null where none do. */
function cleanStyle(style: string): string | null {
	const kept = style
		.slice(0, longestStyle)
		.split(';')
		.map((declaration) => declaration.split(/:(.*)/s).map((side) => side.trim()))
		.filter(([property = '', value = '']) => {
			return keptProperties.test(property.toLowerCase()) && value !== '' && isPlainValue(value);
		})
		.map(([property, value]) => `${property}: ${value}`);
	return kept.length === 0 ? null : kept.join('; ');
}

function isPlainValue(value: string): boolean {
	return !unsafeValue.test(value.replace(colourFunction, ''));
}

/** White space and control characters, which a browser ignores in front of and inside a scheme. */
// eslint-disable-next-line no-control-regex -- they are what has to go
const ignoredInAddress = /[\u0000-\u0020\u007f-\u00a0]/g;

/** A link leads out of the letter, or with `#` to a place in it. */
function cleanLink(value: string): string | null {
	const address = value.replace(ignoredInAddress, '').slice(0, longestAddress);
	return address.startsWith('#') || isLetterLink(address) ? address : null;
}

function cleanSource(value: string): string | null {
	const address = value.replace(ignoredInAddress, '');
	if (/^data:image\/(png|gif|jpeg|webp);base64,[a-z0-9+/=]*$/i.test(address)) return address;
	return /^(https?:\/\/|cid:)/i.test(address) ? address.slice(0, longestAddress) : null;
}
