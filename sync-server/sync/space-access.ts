import type { BatchId, DeviceId, DocumentId, SpaceId } from '#schema/ids.ts';
import type { Stamp } from '#schema/docs/registers.ts';
import type { RefusalCode } from '#schema/protocol/codes.ts';
import type { PushedChange } from '#schema/protocol/messages.ts';
import type { Cursor, Entry } from '#schema/space/entry.ts';

/** A stretch of a log, or why there is none for that cursor. */
export type LogStretch =
	| {
			readonly kind: 'entries';
			readonly entries: readonly Entry[];
			/** The last entry's number, or the cursor's own where there is none. */
			readonly seq: number;
			readonly head: number;
	  }
	| { readonly kind: 'resync'; readonly reason: 'generation' | 'below-floor' | 'beyond-head' };

/** A device's pending changes, to be taken all or not at all. */
export interface PushedBatch {
	readonly batch: BatchId;
	readonly device: DeviceId;
	readonly generation: string;
	readonly changes: readonly PushedChange[];
	/** Changes that are pushed after these: where one may not be made, these are refused with it. */
	readonly following: readonly PushedChange[];
}

export type PushAnswer =
	| {
			readonly kind: 'acked';
			readonly seq: number;
			readonly stamps: readonly { readonly key: number; readonly stamp: Stamp }[];
	  }
	| { readonly kind: 'refused'; readonly code: RefusalCode; readonly keys: readonly number[] };

/** What the sync edge asks of spaces. Calls reject with a StoreError. */
export interface SpaceAccess {
	head(space: SpaceId): Promise<Cursor>;
	/** Entries after a cursor, as many as fit in so many bytes and at least one where there is one. */
	entries(space: SpaceId, after: Cursor, limitBytes: number): Promise<LogStretch>;
	push(space: SpaceId, batch: PushedBatch): Promise<PushAnswer>;
	/** Stored state of a text document; null where there is none. */
	document(space: SpaceId, document: DocumentId): Promise<Uint8Array | null>;
}
