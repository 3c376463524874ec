/** An address with its scheme, as a letter may link to it; `https:x` and the like would be read relatively. */
const linkAddress = /^(?:https?:\/\/|mailto:|tel:)/i;

/**
 * Whether a letter, written or received, may link there; anything else, such as `javascript:`, is left out.
 * White space around the address does not count, as in a browser.
 */
export function isLetterLink(address: string): boolean {
	return linkAddress.test(address.trim());
}
