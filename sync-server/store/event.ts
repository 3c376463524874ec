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
