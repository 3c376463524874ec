/** A mailbox in the sense of RFC 5322, section 3.4: a display name (may be empty) and an address. */
export interface MailAddress {
	readonly name: string;
	readonly address: string;
}

/** Longest path of an SMTP command, RFC 5321 section 4.5.3.1.3. */
export const maxAddressLength = 254;

/** A local part and a domain with no white space, brackets or control characters in either. */
// eslint-disable-next-line no-control-regex -- control characters are exactly what must not pass
const addressPattern = /^[^\s@<>(),;:\\"[\]\u0000-\u001f\u007f]+@[^\s@<>(),;:\\"[\]\u0000-\u001f\u007f]+$/;

/** Whether the text can be used as an envelope address (RFC 5321 with SMTPUTF8; no quoted local parts). */
export function isAddress(text: string): boolean {
	return text.length <= maxAddressLength && addressPattern.test(text);
}

/**
 * The form under which two spellings of one address compare equal: NFC, lower case. The local part is
 * case-sensitive in theory (RFC 5321 section 2.4) and nowhere in practice.
 */
export function canonicalAddress(address: string): string {
	return address.trim().normalize('NFC').toLowerCase();
}

/** The domain of an address, lower case; empty where there is none. */
export function domainOf(address: string): string {
	return canonicalAddress(address).split('@').at(-1) ?? '';
}
