/**
 * The base subject of RFC 5256 section 2.1: what is left of a subject when the marks of replies, forwards and lists
 * are off. Beyond the RFC: the marks of other languages, full-width colons, counters (`Re[2]:`, `Re^2:`, `Re(2):`).
 */

/**
 * `re` and `fw[d]` of the RFC; German aw, wg; Nordic sv, vs, vb; Dutch antw, doorst; French tr, réf; Spanish rv;
 * Portuguese res, enc; Italian rif; Polish odp; Chinese, Japanese and Korean.
 */
const marks =
	're|fwd?|aw|wg|sv|vs|vb|antw|doorst|tr|réf|rv|res|enc|rif|odp|回复|回覆|答复|答覆|回信|转发|轉發|转寄|轉寄|返信|転送|회신|전달';

/** A mark with its counter or list tag and its colon. */
const mark = new RegExp(
	String.raw`^(?:${marks})\s*(?:\[[^\[\]]{0,100}\]|\(\d{1,3}\)|\^?\d{1,3}|\*\d{1,3})?\s*[:：]\s*`,
	'iu'
);
const tag = /^(?:\[[^[\]]{0,200}\]|【[^【】]{0,200}】)\s*/;
const trailingForward = /\s*\(fwd\)$/i;
const wrappedForward = /^\[fwd:([^]*)\]$/i;

/** How often a mark is taken off at most; each costs a pass over the subject. */
const markLimit = 100;

/** Takes off `[list] Re:` and the like from the front (subj-leader of the RFC). */
function withoutLeader(subject: string): string | null {
	let rest = subject;
	for (let tags = 0; tags < 10; tags += 1) {
		const marked = mark.exec(rest);
		if (marked) return rest.slice(marked[0].length);
		const tagged = tag.exec(rest);
		if (!tagged) return null;
		rest = rest.slice(tagged[0].length);
	}
	return null;
}

export interface BaseSubject {
	/** Lower case, NFKC, white space folded; may be empty. */
	readonly text: string;
	/** Whether a mark of a reply or a forward was taken off. */
	readonly isReply: boolean;
}

/** The base subject of a decoded subject. */
export function baseSubject(subject: string): BaseSubject {
	let rest = subject.replace(/\s+/g, ' ').trim();
	let isReply = false;
	for (let count = 0; count < markLimit; count += 1) {
		const untrailed = rest.replace(trailingForward, '');
		const unled = withoutLeader(untrailed);
		if (unled !== null) {
			rest = unled;
			isReply = true;
			continue;
		}
		isReply ||= untrailed !== rest;
		const tagged = tag.exec(untrailed);
		const untagged = tagged ? untrailed.slice(tagged[0].length) : '';
		const wrapped = wrappedForward.exec(untrailed);
		if (wrapped) {
			rest = (wrapped[1] ?? '').trim();
			isReply = true;
		} else if (untagged !== '') rest = untagged;
		else if (untrailed !== rest) rest = untrailed;
		else break;
	}
	return { text: rest.normalize('NFKC').toLowerCase().trim(), isReply };
}
