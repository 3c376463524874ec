/** Comments in structured fields (RFC 5322 section 3.2.2): parentheses, which nest, with backslashes that quote. */

/** Offset behind the comment that opens at `start`; the end of the text where it is never closed. */
export function behindComment(text: string, start: number): number {
	let depth = 0;
	for (let offset = start; offset < text.length; offset += 1) {
		const character = text[offset];
		if (character === '\\') offset += 1;
		else if (character === '(') depth += 1;
		else if (character === ')') {
			depth -= 1;
			if (depth === 0) return offset + 1;
		}
	}
	return text.length;
}

/** Text that holds no quoted strings, with each comment replaced by a space. */
export function withoutComments(text: string): string {
	let output = '';
	let start = 0;
	for (let open = text.indexOf('('); open >= 0; open = text.indexOf('(', start)) {
		output += `${text.slice(start, open)} `;
		start = behindComment(text, open);
	}
	return output + text.slice(start);
}
