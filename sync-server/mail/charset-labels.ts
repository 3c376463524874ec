/**
 * Charset labels as they stand in mail, and what each means: the names of the WHATWG Encoding Standard, which
 * `TextDecoder` knows; spellings it does not know; the DOS and Macintosh code pages and UTF-7, which iconv-lite
 * knows; and 7-bit encodings that neither knows (`shifted-charsets.ts`).
 */
import iconv from 'iconv-lite';

/** What a label means; `web` names are those of the Encoding Standard (all GB labels are gb18030). */
export type Charset =
	| { readonly decoder: 'web'; readonly name: string; readonly trust: Trust }
	| { readonly decoder: 'iconv'; readonly name: string }
	| { readonly decoder: 'shifted'; readonly name: ShiftedCharset }
	/** The label says nothing: none, us-ascii, unknown-8bit. */
	| { readonly decoder: 'none' };

/** How far a label is to be believed when the bytes speak against it. */
export type Trust =
	/** Bytes of other encodings are not valid in it. */
	| 'utf-8'
	/** What senders write that know no better: iso-8859-1 and windows-1252. */
	| 'default'
	/** Several bytes a character: a wrong label shows in the characters. */
	| 'multi-byte'
	/** One byte a character: everything is valid. */
	| 'single-byte'
	| 'utf-16';

/** 7-bit encodings with a second set of characters between shifts: RFC 1843, RFC 1557, RFC 1922. */
export type ShiftedCharset = 'hz-gb-2312' | 'iso-2022-kr' | 'iso-2022-cn';

const none: Charset = { decoder: 'none' };

const silentLabels = new Set([
	'',
	'ascii',
	'us-ascii',
	'usascii',
	'us_ascii',
	'iso-ir-6',
	'iso646-us',
	'iso_646.irv:1991',
	'cp367',
	'ibm367',
	'646',
	'7bit',
	'8bit',
	'binary',
	'none',
	'default',
	'unknown',
	'unknown-8bit',
	'x-unknown',
	'x-user-defined',
	'user-defined'
]);

/** Labels that `TextDecoder` does not know, or that a family of spellings shares. */
const families: readonly (readonly [RegExp, string])[] = [
	[/^ansi[-_]?x3\.4/, ''],
	[/gb[-_]?(2312|k|18030)|^(x-)?(euc-?cn|cn-gb|cp-?936|ms-?936|windows-?936)/, 'gb18030'],
	[/big-?5|^(cp-?950|ms-?950|windows-?950)/, 'big5'],
	[/^(cp-?949|ms-?949|windows-?949|x-windows-949|uhc|euckr|ks[-_]?c[-_]?5601|ksc5601)/, 'euc-kr'],
	[/^(cp-?932|ms-?932|windows-?(932|31j)|x-?sjis|sjis|shift-?jis|cp943)/, 'shift_jis'],
	[/^(iso-?2022-?jp|cp5022\d)/, 'iso-2022-jp'],
	[/^(eucjp|x-euc-?jp|ujis)/, 'euc-jp'],
	[/^(utf|utf-|utf_|utf--)8|^unicode-1-1-utf-8/, 'utf-8'],
	[/^(ucs-?2|unicode|utf-?16)$/, 'utf-16'],
	[/^win-?(dows)?[-_]?(125\d)/, 'windows-$2'],
	[/^iso[-_]?(8859[-_]\d{1,2})/, 'iso-$1'],
	[/^latin-?1$/, 'iso-8859-1'],
	[/^koi8r?$/, 'koi8-r']
];

const iconvLabels =
	/^(utf-?7|utf-?32(le|be)?|cp\d{3,5}|ibm\d{3,4}|windows-?\d+|mac\w+|viscii|tcvn\d*|tis-?620|pt154|armscii-?8|rk1048|georgian\w*|koi8-?\w{1,2}|iso-?ir-?\d+|hp-?roman8)$/;

const multiByte = new Set(['gb18030', 'gbk', 'big5', 'euc-kr', 'euc-jp', 'shift_jis', 'iso-2022-jp']);

function webCharset(label: string): Charset | null {
	let name: string;
	try {
		name = new TextDecoder(label).encoding;
	} catch {
		// TextDecoder answers an unknown label with a RangeError; there is no other way to ask it.
		return null;
	}
	if (name === 'gbk') name = 'gb18030';
	if (name === 'utf-8') return { decoder: 'web', name, trust: 'utf-8' };
	if (name === 'windows-1252') return { decoder: 'web', name, trust: 'default' };
	if (name.startsWith('utf-16')) {
		return { decoder: 'web', name: /be|le/.test(label) ? name : 'utf-16', trust: 'utf-16' };
	}
	return { decoder: 'web', name, trust: multiByte.has(name) ? 'multi-byte' : 'single-byte' };
}

function shiftedCharset(label: string): Charset | null {
	if (/^hz(-gb-?2312)?$/.test(label)) return { decoder: 'shifted', name: 'hz-gb-2312' };
	if (/^(cs)?iso-?2022-?kr$/.test(label)) return { decoder: 'shifted', name: 'iso-2022-kr' };
	if (/^iso-?2022-?cn(-ext)?$/.test(label)) return { decoder: 'shifted', name: 'iso-2022-cn' };
	return null;
}

function resolve(label: string): Charset | null {
	if (silentLabels.has(label)) return none;
	const direct = shiftedCharset(label) ?? webCharset(label);
	if (direct) return direct;
	for (const [pattern, name] of families) {
		const match = pattern.exec(label);
		if (!match) continue;
		return name === ''
			? none
			: webCharset(name.replace(/\$(\d)/, (_, group: string) => match[Number(group)] ?? ''));
	}
	if (iconvLabels.test(label) && iconv.encodingExists(label)) return { decoder: 'iconv', name: label };
	return null;
}

/** Answers so far; a sender can make up labels without end, so it is emptied when it grows. */
const known = new Map<string, Charset | null>();
const knownLimit = 500;

/** What a charset label means; null for a label nobody knows. A language tag (RFC 2231 section 5) is ignored. */
export function charsetOf(label: string | null): Charset | null {
	if (label === null) return none;
	const normal = label
		.slice(0, 60)
		.toLowerCase()
		.replace(/\*.*$/, '')
		.replace(/[\s"'<>;,()]+/g, '');
	let charset = known.get(normal);
	if (charset === undefined) {
		charset = resolve(normal);
		if (known.size >= knownLimit) known.clear();
		known.set(normal, charset);
	}
	return charset;
}
