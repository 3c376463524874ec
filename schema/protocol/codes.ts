/** Errors are codes on the wire and prose only on the screen. */
export const refusalCodes = [
	'malformed',
	'too-large',
	'not-signed-in',
	'not-permitted',
	'unknown-space',
	'unknown-subject',
	'stale-generation',
	'already-sent',
	'already-released',
	'cancelled',
	'no-recipients',
	'identity-not-permitted',
	'attachment-missing',
	'no-route',
	'quota',
	'storage-full',
	'rate-limited',
	'unsupported',
	'internal'
] as const;
export type RefusalCode = (typeof refusalCodes)[number];

/** Whether the same request may succeed later without a change to it. */
export function isPassing(code: RefusalCode): boolean {
	return (
		code === 'storage-full' || code === 'rate-limited' || code === 'internal' || code === 'not-signed-in'
	);
}

/** WebSocket close codes of ours (RFC 6455 section 7.4.2, private range). */
export const closeCodes = {
	/** The session ended or never was; sign in again, nothing on the device is lost. */
	signedOut: 4401,
	/** Rights to what was open were taken away. */
	notPermitted: 4403,
	/** No protocol version in common; the frozen part of the protocol still works. */
	versionMismatch: 4406,
	/** The peer sent what the protocol does not allow. */
	malformed: 4400,
	tooLarge: 4413,
	tooFast: 4429,
	/** The server goes away; come back. */
	leaving: 4503
} as const;
