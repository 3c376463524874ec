import { isIP } from 'node:net';

/** Whether a host name or address of a URL is this machine itself, whatever a name server says. */
export function isLoopbackName(host: string): boolean {
	const plain = host.replace(/^\[|\]$/g, '');
	return plain === 'localhost' || plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}
