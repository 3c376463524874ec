import { isAddress, type MailAddress } from '#schema/mail/address.ts';

/** What was typed or pasted into a recipients field, cut into people; some may be no addresses at all. */
export interface TypedRecipient extends MailAddress {
	/** Whether the address can be used as it stands. */
	readonly valid: boolean;
}

/** Longest text that is taken for recipients; a pasted novel is none. */
const longest = 200_000;

const separators = new Set([',', ';', '，', '；', '、', '\n', '\r', '\t']);

/** Cuts at separators outside quotes and angle brackets. */
function pieces(text: string): string[] {
	const found: string[] = [];
	let piece = '';
	let quoted = false;
	let bracketed = false;
	for (const character of text) {
		if (character === '"') quoted = !quoted;
		if (!quoted && character === '<') bracketed = true;
		if (!quoted && character === '>') bracketed = false;
		const isLineBreak = character === '\n' || character === '\r';
		if (separators.has(character) && ((!quoted && !bracketed) || isLineBreak)) {
			found.push(piece);
			piece = '';
			quoted = false;
			bracketed = false;
		} else {
			piece += character;
		}
	}
	found.push(piece);
	return found.map((part) => part.trim()).filter((part) => part !== '');
}

function unquoted(name: string): string {
	const trimmed = name.trim();
	const inner = /^"([\s\S]*)"$/.exec(trimmed)?.[1] ?? /^'([\s\S]*)'$/.exec(trimmed)?.[1] ?? trimmed;
	return inner.replaceAll('\\"', '"').trim();
}

function personOf(piece: string): TypedRecipient {
	const open = piece.lastIndexOf('<');
	const close = piece.lastIndexOf('>');
	const bracketed = open >= 0 && close > open;
	const address = (bracketed ? piece.slice(open + 1, close) : piece).trim().replace(/^mailto:/i, '');
	const name = bracketed ? unquoted(piece.slice(0, open)) : '';
	return { name, address, valid: isAddress(address) };
}

/** `a@b.c d@e.f`: several bare addresses with only blanks between them. */
function bareAddresses(piece: string): TypedRecipient[] | null {
	const words = piece.split(/\s+/u);
	return words.length > 1 && words.every((word) => isAddress(word)) ? words.map(personOf) : null;
}

/**
 * Reads recipients as people type and paste them: `Name <a@b.c>, "Last, First" <d@e.f>; 周岚<g@h.i>`,
 * separated by commas, semicolons (also full-width), tabs or line breaks. Keeps what it can't use, marked,
 * so that the person can mend it.
 */
export function readRecipients(text: string): TypedRecipient[] {
	return pieces(text.slice(0, longest)).flatMap((piece) => bareAddresses(piece) ?? [personOf(piece)]);
}

/** Whether typing this character ends a recipient. */
export function endsRecipient(text: string): boolean {
	return separators.has(text.slice(-1));
}

/** How a recipient is written so that {@link readRecipients} reads it back. */
export function writeRecipient({ name, address }: MailAddress): string {
	if (name === '') return address;
	const plain = /^[\p{L}\p{N} ._'-]+$/u.test(name);
	return `${plain ? name : `"${name.replaceAll('"', '\\"')}"`} <${address}>`;
}
