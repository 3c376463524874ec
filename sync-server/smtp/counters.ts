/** The edges by their ports. */
export type EdgeKind = 'receiving' | 'submission' | 'lmtp';

/** What the edges tell whoever measures; each call adds to a count. */
export interface EdgeCounters {
	connected(edge: EdgeKind): void;
	/** A connection, sender, recipient or message was refused with this reply code. */
	refused(edge: EdgeKind, code: number): void;
	/** A message was taken. */
	taken(edge: EdgeKind, bytes: number): void;
}

/** Counts nothing. */
export const noEdgeCounters: EdgeCounters = {
	connected: () => undefined,
	refused: () => undefined,
	taken: () => undefined
};
