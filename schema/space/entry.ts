import type { DeviceId, DocumentId } from '../ids.ts';
import type { RegisterValue, Stamp } from '../docs/registers.ts';
import type { Ranges } from '../docs/ranges.ts';
import type { DeliveryFact, MessageFact, SubmissionFact } from '../mail/message.ts';

/** Where in a space's log a replica stands. Another generation means another history (a restore). */
export interface Cursor {
	readonly generation: string;
	readonly seq: number;
}

/** Where a change came from, so that it never goes back there. */
export type Origin = 'local' | 'peer' | 'imap' | 'rule' | 'bridge' | 'migration';

/** What registers a change writes: those of a set of messages, or of one other subject. */
export type RegisterTarget =
	| { readonly kind: 'messages'; readonly arrivals: Ranges }
	| { readonly kind: 'subject'; readonly subject: string };

/** One value written to one field of every target, under one stamp. */
export interface RegisterChange {
	readonly kind: 'registers';
	readonly target: RegisterTarget;
	readonly field: string;
	readonly value: RegisterValue;
	readonly stamp: Stamp;
}

/** Opaque change bytes of a text document (Yjs update, version 1). */
export interface TextChange {
	readonly kind: 'text';
	readonly document: DocumentId;
	readonly update: Uint8Array;
}

/** Everything that can stand in a log. Facts are never altered; registers and documents merge. */
export type Change =
	| { readonly kind: 'arrived'; readonly message: MessageFact }
	/** All messages of the threads `from` belong to the thread `into` from here on. */
	| { readonly kind: 'joined'; readonly into: number; readonly from: readonly number[] }
	/** The messages are gone for the person: list, content and index entries go with them. */
	| { readonly kind: 'withdrawn'; readonly arrivals: Ranges }
	| { readonly kind: 'restored'; readonly arrivals: Ranges }
	| { readonly kind: 'submission'; readonly submission: SubmissionFact }
	| { readonly kind: 'delivery'; readonly delivery: DeliveryFact }
	| RegisterChange
	| TextChange;

/** One row of a space's log: what one write decided, applied in one transaction. */
export interface Entry {
	readonly seq: number;
	/** Server time of the decision, milliseconds UTC. */
	readonly at: number;
	readonly device: DeviceId | null;
	readonly origin: Origin;
	readonly changes: readonly Change[];
}

/** Totals of one mailbox or view, derived by the server until a device holds its own columns. */
export interface Counter {
	readonly total: number;
	readonly unread: number;
}

/** A register of a message as a pack carries it. */
export interface MessageRegister {
	readonly arrival: number;
	readonly field: string;
	readonly value: RegisterValue;
	readonly stamp: Stamp;
}

/** A run of messages, newest first by arrival, with the registers laid over them, true at `seq`. */
export interface Pack {
	readonly cursor: Cursor;
	/** The run covers arrivals from `from` (inclusive) to `to` (exclusive), whether or not they still exist. */
	readonly from: number;
	readonly to: number;
	readonly messages: readonly MessageFact[];
	readonly registers: readonly MessageRegister[];
}

/**
 * What became of a run of messages since an entry of the log, newest first, true at `cursor`. What did not change, and
 * the summary of what was there before, is not in it.
 */
export interface ChangedPack {
	readonly cursor: Cursor;
	/** The run covers arrivals from `from` (inclusive) to `to` (exclusive). */
	readonly from: number;
	readonly to: number;
	/** Messages that came since. */
	readonly arrived: readonly MessageFact[];
	/** Every message that changed and is there, with the thread it belongs to now: [arrival, thread]. */
	readonly threads: readonly (readonly [number, number])[];
	/** All registers of those. */
	readonly registers: readonly MessageRegister[];
	/** Messages that changed and are gone. */
	readonly withdrawn: Ranges;
}

/** A register of any other subject. */
export interface SubjectRegister {
	readonly subject: string;
	readonly field: string;
	readonly value: RegisterValue;
	readonly stamp: Stamp;
}

/** The state of a text document, whole. */
export interface TextSnapshot {
	readonly document: DocumentId;
	readonly state: Uint8Array;
}

/** What a new replica needs before its first frame: where it stands and the first page, then packs follow. */
export interface Opening {
	readonly cursor: Cursor;
	/** How many messages the space ever numbered; packs run from here down to 0. */
	readonly arrivals: number;
	/** Totals by mailbox id and by view name. */
	readonly counters: Readonly<Record<string, Counter>>;
	readonly registers: readonly SubjectRegister[];
	readonly documents: readonly TextSnapshot[];
	readonly submissions: readonly SubmissionFact[];
	readonly deliveries: readonly DeliveryFact[];
}
