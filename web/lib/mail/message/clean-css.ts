/** CSS of a letter with everything taken out that could fetch; and whether there was any. */
export interface CleanCss {
	readonly css: string;
	/** Something remote was named. */
	readonly remote: boolean;
}

/** Longer sheets are left out whole: no letter needs them. */
const longest = 500_000;

/** Undoes CSS escapes (CSS Syntax Level 3, section 4.3.7), by which `u\72l(` says `url(`. */
function unescaped(css: string): string {
	return css.replace(
		/\\(?:([0-9a-f]{1,6})[ \t\r\n\f]?|(.))/gi,
		(_, code: string | undefined, other: string) => {
			if (code === undefined) return other;
			const point = parseInt(code, 16);
			return point === 0 || point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point);
		}
	);
}

/** What makes a browser fetch from CSS. */
const fetching = /@import|@font-face|url\s*\(|src\s*\(|image(?:-set)?\s*\(|cross-fade\s*\(/i;

/** Ways to fetch that no mail program writes: what uses them is left out whole. */
const rare = /src\s*\(|image(?:-set)?\s*\(|cross-fade\s*\(/i;

/**
 * Takes out of a sheet, or of the declarations of one element, everything that could fetch. The frame's
 * policy forbids fetching all the same; this keeps a letter from trying, and tells that it would have.
 */
export function cleanCss(css: string): CleanCss {
	if (css.length > longest) return { css: '', remote: false };
	const bare = css.replaceAll(/\/\*[\s\S]*?(?:\*\/|$)/g, '');
	if (!fetching.test(unescaped(bare))) return { css: bare, remote: false };
	if (bare.includes('\\') || rare.test(bare)) return { css: '', remote: true };
	let remote = false;
	const kept = bare
		.replaceAll(/@import[^;{}]*;?/gi, () => {
			remote = true;
			return '';
		})
		.replaceAll(/@font-face\s*\{[^}]*\}?/gi, '')
		.replaceAll(/url\s*\(([^()]{0,100000})\)?/gi, (whole, inside: string) => {
			if (/^\s*['"]?data:image\//i.test(inside) && whole.endsWith(')')) return whole;
			remote ||= /[/.]/.test(inside) && !/^\s*['"]?(?:data|cid):/i.test(inside);
			return 'none';
		});
	return { css: kept, remote };
}
