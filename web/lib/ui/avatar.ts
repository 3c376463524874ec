import { canonicalAddress, type MailAddress } from '#schema/mail/address.ts';

/** Hues that stay apart from each other and from the accent at equal lightness (degrees, OKLCH). */
const hues = [25, 55, 92, 150, 195, 230, 250, 295, 328, 350] as const;

/** The category hue of a correspondent: the same for an address in whatever case, on every device. */
export function hueOf(address: string): number {
	let hash = 0x811c9dc5;
	for (const character of canonicalAddress(address)) {
		hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
	}
	return hues[hash % hues.length] ?? 250;
}

const chinese = /\p{Script=Han}/u;

/**
 * Up to two letters that stand for a person: the given name of a Chinese name (`陈伯远` gives `伯远`, `周岚`
 * gives `岚`), first and last initial of others, the first letter of the address where there is no name.
 */
export function initialsOf({ name, address }: MailAddress): string {
	const readable = name.trim() === '' ? (address.split('@')[0] ?? '') : name.trim();
	const han = [...readable].filter((character) => chinese.test(character));
	if (han.length > 0) return givenName(han);
	const words = readable.split(/[\s._·-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
	const first = firstLetter(words[0]);
	const last = words.length > 1 ? firstLetter(words.at(-1)) : '';
	return `${first}${last}`.toUpperCase() || '?';
}

/** Last characters of the names of departments and companies. */
const ofGroups = '部组司局处院所室厅';

/** Two or three characters are a surname and a given name; others, and departments, are organisations. */
function givenName(han: readonly string[]): string {
	const isGroup = ofGroups.includes(han.at(-1) ?? '');
	if (!isGroup && (han.length === 2 || han.length === 3)) return han.slice(1).join('');
	return han[0] ?? '';
}

function firstLetter(word: string | undefined): string {
	return [...(word ?? '')].find((character) => /[\p{L}\p{N}]/u.test(character)) ?? '';
}
