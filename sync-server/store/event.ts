import type { SpaceId } from '#schema/ids.ts';
import type { Entry } from '#schema/space/entry.ts';

/** What a committed transaction tells everybody; made by operations with `context.emit`. */
export type StoreEvent =
	/** A space's log grew by these entries, ascending. */
	| {
			readonly kind: 'entries';
			readonly space: SpaceId;
			readonly generation: string;
			readonly entries: readonly Entry[];
	  }
	/** Accounts, addresses or domains of the organisation's directory changed. */
	| { readonly kind: 'directory' };

/** How many entries are told of at once. */
const mostTogether = 64;

/** The same events, where entries of one space that follow one another are told of together. */
export function joinedEvents(events: readonly StoreEvent[]): StoreEvent[] {
	const joined: StoreEvent[] = [];
	for (const event of events) {
		const both = joinedPair(joined.at(-1), event);
		if (both === null) joined.push(event);
		else joined[joined.length - 1] = both;
	}
	return joined;
}

function joinedPair(left: StoreEvent | undefined, right: StoreEvent): StoreEvent | null {
	if (left?.kind !== 'entries' || right.kind !== 'entries') return null;
	const isSame = left.space === right.space && left.generation === right.generation;
	const entries = [...left.entries, ...right.entries];
	return isSame && entries.length <= mostTogether ? { ...left, entries } : null;
}
