import type { Resolution } from '../store/directory/accounts.ts';
import { destinationOf, type Recipient } from '../queue/recipients.ts';
import type { EdgeDeps } from './edge.ts';
import { Reply } from './reply.ts';

/**
 * Where mail to an address of RCPT goes. A bare `postmaster` is ours (RFC 5321 section 4.5.1).
 *
 * @param outside what an address outside is answered with; null where it is taken
 * @throws Reply where it is nobody's, or outside and not taken
 */
export async function resolvedRecipient(
	{ directory, domain }: EdgeDeps,
	address: string,
	outside: (() => Reply) | null
): Promise<Recipient> {
	const full = address.includes('@') ? address : `${address}@${domain}`;
	const resolution: Resolution = await directory.resolveRecipient(full);
	switch (resolution.kind) {
		case 'unknown':
			throw new Reply(550, '5.1.1', 'No such recipient');
		case 'outside':
			if (outside !== null) throw outside();
			break;
		case 'inside':
			break;
	}
	return { address: full, destination: destinationOf(resolution) };
}

/** The answer to mail that is not for us. */
export const relayingDenied = () => new Reply(550, '5.7.1', 'Relaying is not permitted');
