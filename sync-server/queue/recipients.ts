import type { SpaceId } from '#schema/ids.ts';
import { canonicalAddress } from '#schema/mail/address.ts';
import type { Resolution } from '../store/directory/accounts.ts';
import type { Destination } from '../store/queue/envelope.ts';

/** A recipient as it was named, and where its mail goes. */
export interface Recipient {
	readonly address: string;
	readonly destination: Destination;
}

/** Where a resolved address leads. */
export function destinationOf(resolution: Resolution): Destination {
	switch (resolution.kind) {
		case 'inside':
			return { kind: 'inside', space: resolution.space };
		case 'outside':
			return { kind: 'outside' };
		case 'unknown':
			return { kind: 'nowhere' };
	}
}

/**
 * Recipients told apart: one for each space, whatever its addresses, and one for each other address, the
 * first spelling of it.
 */
export function distinctRecipients(recipients: readonly Recipient[]): Recipient[] {
	const spaces = new Set<SpaceId>();
	const addresses = new Set<string>();
	return recipients.filter(({ address, destination }) => {
		const canonical = canonicalAddress(address);
		const isKnown = destination.kind === 'inside' ? spaces.has(destination.space) : addresses.has(canonical);
		if (destination.kind === 'inside') spaces.add(destination.space);
		else addresses.add(canonical);
		return !isKnown;
	});
}
