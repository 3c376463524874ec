import { isIPv4, isIPv6 } from 'node:net';

/** The IPv4 address inside an IPv4-mapped IPv6 address (RFC 4291, section 2.5.5.2); others unchanged. */
export function plainAddress(address: string): string {
	const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
	return mapped?.[1] ?? address;
}

/** Whether the address is this machine's own. */
export function isLoopback(address: string): boolean {
	const plain = plainAddress(address);
	return plain === '::1' || plain.startsWith('127.');
}

/**
 * The network an address is counted under for rate limits: its /24 in IPv4, its /48 in IPv6, since one person
 * commonly holds a whole IPv6 /48. What is no address counts as one network of its own.
 */
export function networkOf(address: string): string {
	const plain = plainAddress(address);
	if (isIPv4(plain)) return `${plain.split('.').slice(0, 3).join('.')}.0/24`;
	if (isIPv6(plain)) return `${leadingGroups(plain, 3).join(':')}::/48`;
	return 'unknown';
}

/** The first groups of an IPv6 address, without leading zeros (RFC 5952, section 4.1). */
function leadingGroups(address: string, count: number): string[] {
	const [front = '', back] = address.split('%', 1)[0]?.split('::') ?? [];
	const head = front === '' ? [] : front.split(':');
	if (back !== undefined) {
		const tail = back === '' ? [] : back.split(':');
		const zeros = Math.max(0, 8 - head.length - tail.length);
		head.push(...Array<string>(zeros).fill('0'), ...tail);
	}
	return head.slice(0, count).map((group) => Number.parseInt(group, 16).toString(16));
}
