/**
 * Character references of HTML, for plain text made of HTML: the numeric ones and the names of HTML 4 that mail uses.
 * (The 2,231 names of HTML 5 would be a table larger than this folder, for names nobody writes.)
 */

/** Names of U+00A0 to U+00FF, in order. */
const latin1 =
	'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';

const others: Readonly<Record<string, string>> = {
	amp: '&',
	lt: '<',
	gt: '>',
	quot: '"',
	apos: "'",
	OElig: 'Œ',
	oelig: 'œ',
	Scaron: 'Š',
	scaron: 'š',
	Yuml: 'Ÿ',
	circ: 'ˆ',
	tilde: '˜',
	ensp: '\u2002',
	emsp: '\u2003',
	thinsp: '\u2009',
	zwnj: '\u200c',
	zwj: '\u200d',
	lrm: '\u200e',
	rlm: '\u200f',
	ndash: '–',
	mdash: '—',
	lsquo: '‘',
	rsquo: '’',
	sbquo: '‚',
	ldquo: '“',
	rdquo: '”',
	bdquo: '„',
	dagger: '†',
	Dagger: '‡',
	bull: '•',
	hellip: '…',
	permil: '‰',
	prime: '′',
	Prime: '″',
	lsaquo: '‹',
	rsaquo: '›',
	euro: '€',
	trade: '™',
	larr: '←',
	uarr: '↑',
	rarr: '→',
	darr: '↓',
	harr: '↔',
	minus: '−',
	ne: '≠',
	le: '≤',
	ge: '≥',
	infin: '∞',
	radic: '√',
	asymp: '≈',
	sum: '∑',
	loz: '◊',
	spades: '♠',
	clubs: '♣',
	hearts: '♥',
	diams: '♦',
	alpha: 'α',
	beta: 'β',
	gamma: 'γ',
	delta: 'δ',
	pi: 'π',
	mu: 'μ',
	Omega: 'Ω'
};

const names = new Map<string, string>(Object.entries(others));
latin1.split(' ').forEach((name, place) => names.set(name, String.fromCharCode(0xa0 + place)));

const cp1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function numbered(point: number): string {
	// HTML Standard, 13.2.5.80: 128 to 159 are meant as windows-1252.
	if (point >= 128 && point <= 159) return cp1252[point - 128] ?? '\uFFFD';
	const valid = point > 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
	return valid ? String.fromCodePoint(point) : '\uFFFD';
}

/** Text with its character references resolved; unknown names are left as they stand. */
export function decodeEntities(text: string): string {
	if (!text.includes('&')) return text;
	return text.replace(
		/&(?:#x([0-9a-f]{1,8})|#(\d{1,8})|([a-z][a-z0-9]{1,31}));?/gi,
		(whole, hex?: string, decimal?: string, name?: string) => {
			if (hex !== undefined) return numbered(parseInt(hex, 16));
			if (decimal !== undefined) return numbered(Number(decimal));
			return names.get(name ?? '') ?? whole;
		}
	);
}
