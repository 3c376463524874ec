import type { SpaceId } from '#schema/ids.ts';
import type { Cursor, Entry } from '#schema/space/entry.ts';
import type { Following } from '../space/catch-up.ts';

/** Entries that were committed to a space's log, ascending. */
export interface LogNews {
	readonly space: SpaceId;
	readonly generation: string;
	readonly entries: readonly Entry[];
}

/**
 * The logs of all spaces, for whoever follows them. Whatever needs a space's history goes through here, so that it
 * can lie elsewhere than in this process. What is appended is decided from the space's tables, so appending has its
 * place in the space's writer: `appendEntry`, with the fence at which it was decided.
 */
export interface Log {
	/** Where a space's log stands. */
	head(space: SpaceId): Promise<Cursor>;
	/** What follows a seq, as much as fits `limitBytes` and at least one entry where there is any. */
	read(space: SpaceId, after: number, limitBytes: number): Promise<Following>;
	/** Tells of every entry of every space once, after its commit, in the order of its log. */
	subscribe(listener: (news: LogNews) => void): () => void;
}
