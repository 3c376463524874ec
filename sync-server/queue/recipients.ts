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

/** A recipient, and what else it was named. */
export interface DistinctRecipient extends Recipient {
	/** Other addresses of its space, or other spellings of its address, that were named after it. */
	readonly also: readonly string[];
}

/**
 * Recipients told apart: one for each space, whatever its addresses, and one for each other address, the
 * first spelling of it.
 */
export function distinctRecipients(recipients: readonly Recipient[]): DistinctRecipient[] {
	const named = Map.groupBy(recipients, ({ address, destination }) =>
		destination.kind === 'inside' ? `space ${destination.space}` : `address ${canonicalAddress(address)}`
	);
	return [...named.values()].flatMap(([first, ...others]) => {
		if (first === undefined) return [];
		const also = new Set(others.map(({ address }) => address));
		also.delete(first.address);
		return [{ ...first, also: [...also] }];
	});
}
