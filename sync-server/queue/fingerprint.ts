import { createHash } from 'node:crypto';
import { canonicalAddress } from '#schema/mail/address.ts';
import type { Destination } from '../store/queue/envelope.ts';

/** What has to be the same for one accept to repeat another, besides the destination. */
export interface Repeatable {
	/** IP address of the peer. */
	readonly peer: string;
	/** MAIL FROM as given. */
	readonly sender: string;
	/** SHA-256 of DATA. */
	readonly dataHash: Uint8Array;
}

/** 16 bytes that are the same only where peer, MAIL FROM, destination and DATA are. */
export function fingerprint(
	{ peer, sender, dataHash }: Repeatable,
	recipient: string,
	destination: Destination
): Uint8Array {
	const place = destination.kind === 'inside' ? destination.space : canonicalAddress(recipient);
	const hash = createHash('sha256');
	for (const part of [peer, sender, destination.kind, place])
		hash.update(`${Buffer.byteLength(part)}:${part}`);
	return hash.update(dataHash).digest().subarray(0, 16);
}
