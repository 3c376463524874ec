/** Where mail programs put the letter that is answered: Apple and Thunderbird, Gmail, Outlook, QQ and NetEase. */
const quoteStarts = [
	'blockquote[type="cite"]',
	'.gmail_quote',
	'.gmail_quote_container',
	'.moz-cite-prefix',
	'#appendonsend',
	'#divRplyFwdMsg',
	'#isReplyContent',
	'.foxmail-quote',
	'includetail',
	'body > blockquote:last-child'
].join(',');

function hasContentBefore(element: Element, body: Element): boolean {
	let node: Node | null = element;
	while (node !== null && node !== body) {
		for (let before = node.previousSibling; before !== null; before = before.previousSibling) {
			const isPicture = before instanceof Element && before.querySelector('img') !== null;
			if (isPicture || (before.textContent ?? '').trim() !== '') return true;
		}
		node = node.parentNode;
	}
	return false;
}

/**
 * Folds the quoted letter, and what follows it on the same level, under one line that opens it. A letter
 * that is nothing but a quote stays open.
 */
export function foldQuotes(body: HTMLElement, label: string): void {
	const start = body.querySelector(quoteStarts);
	if (start === null || !hasContentBefore(start, body)) return;
	const { ownerDocument } = body;
	const fold = ownerDocument.createElement('details');
	const line = ownerDocument.createElement('summary');
	line.textContent = label;
	fold.className = 'folded-quote';
	start.replaceWith(fold);
	const rest: Node[] = [];
	for (let next = fold.nextSibling; next !== null; next = next.nextSibling) rest.push(next);
	fold.append(line, start, ...rest);
}
