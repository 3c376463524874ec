import type { SpaceId } from '#schema/ids.ts';
import type { Cursor, Entry } from '#schema/space/entry.ts';
import type { Append, Appended } from '../space/append.ts';
import type { Following } from '../space/catch-up.ts';

/** Entries that were committed to a space's log, ascending. */
export interface LogNews {
	readonly space: SpaceId;
	readonly generation: string;
	readonly entries: readonly Entry[];
}

/**
 * The logs of all spaces. Whatever needs a space's history goes through here, so that it can lie elsewhere than in
 * this process.
 */
export interface Log {
	/** Where a space's log stands. */
	head(space: SpaceId): Promise<Cursor>;
	/**
	 * Appends one entry if the log stands exactly at the fence; its answer comes after the commit. Of two that
	 * append at one fence, one is appended and the other is told where the log stands.
	 */
	append(space: SpaceId, append: Append): Promise<Appended>;
	/** What follows a seq, as much as fits `limitBytes` and at least one entry where there is any. */
	read(space: SpaceId, after: number, limitBytes: number): Promise<Following>;
	/** Tells of every entry of every space once, after its commit, in the order of its log. */
	subscribe(listener: (news: LogNews) => void): () => void;
}
