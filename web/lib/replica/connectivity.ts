import type { RefusalCode } from '#schema/protocol/codes.ts';
import type { PendingLine } from './changes/pending-lines.ts';

/** A change of this person's that the server did not take, kept until it is dismissed. */
export interface RefusedChange {
	readonly key: number;
	readonly code: RefusalCode;
	/** What it was about, for the screen. */
	readonly about:
		| { readonly kind: 'messages'; readonly count: number; readonly field: string }
		| { readonly kind: 'subject'; readonly subject: string; readonly field: string }
		| { readonly kind: 'text'; readonly document: string };
	readonly at: number;
}

/**
 * How the replica stands to its server, most pressing first. `pending` counts what a person did and the server has
 * not confirmed: the lines of {@link Connectivity.pending}, and commands.
 */
export type ConnectivityState =
	/** What this device holds can't be read any more; reloading the app repairs it, pending work is kept. */
	| { readonly kind: 'storage-broken' }
	/** The device's disk is full: nothing new can be kept. */
	| { readonly kind: 'storage-full' }
	/** The server has no room: what is pending stays here, and is handed over again and again until it has. */
	| { readonly kind: 'server-full'; readonly pending: number }
	/** The session ended; everything is kept, sign in again to sync. */
	| { readonly kind: 'signed-out'; readonly pending: number }
	/** This app is too old for the server; reload to update. Pending work is kept. */
	| { readonly kind: 'outdated'; readonly pending: number }
	/** The server did not take some changes, or a letter. */
	| { readonly kind: 'attention'; readonly count: number }
	| { readonly kind: 'offline'; readonly pending: number; readonly lastSync: number | null }
	/** Entries or messages still to come, or changes still to be confirmed. */
	| { readonly kind: 'syncing'; readonly remaining: number }
	| { readonly kind: 'synced'; readonly lastSync: number };

/**
 * Whether the server is there, whatever else is the matter: a refusal or a full disk can be more pressing, and
 * hides nothing of this.
 */
export interface ServerLink {
	/** `signed-out` and `outdated`: it is reached, and takes nothing of this app before that is mended. */
	readonly kind: 'online' | 'offline' | 'signed-out' | 'outdated';
	/** When this device last had everything, milliseconds UTC; null where it never had. */
	readonly lastSync: number | null;
	/** Offline only in that the first attempt to connect since the app was opened has not come to an end. */
	readonly isBeginning?: true;
}

export interface Connectivity {
	/** Told when {@link state} or {@link server} became another. */
	subscribe(listener: () => void): () => void;
	/** The most pressing thing to say. */
	state(): ConnectivityState;
	server(): ServerLink;
	/**
	 * What was changed here and the server has not confirmed, oldest first. Commands are in the outbox, and with a
	 * letter its draft.
	 */
	pending(): readonly PendingLine[];
	/** Changes that the server refused, oldest first. */
	refusals(): readonly RefusedChange[];
	/** Takes a refusal off the list. */
	dismiss(key: number): Promise<void>;
	/**
	 * Asks the server now, over the connection that stands or by a new one. Resolves with true when it answered and
	 * all it had told is here, with false when it did not in time; never where the replica is closed before.
	 */
	retry(): Promise<boolean>;
	/** Whether this tab holds the connection for all tabs. */
	leads(): boolean;
}
