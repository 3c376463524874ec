import type { SpaceId } from '#schema/ids.ts';
import type { Profile } from '#schema/protocol/messages.ts';
import type { Connectivity } from '#lib/replica/connectivity.ts';
import type { Contents } from '#lib/replica/contents.ts';
import type { Drafts } from '#lib/replica/drafts.ts';
import type { Outbox } from '#lib/replica/outbox.ts';
import type { Replica } from '#lib/replica/replica.ts';

export interface Credentials {
	readonly address: string;
	readonly password: string;
}

/** Why a sign-in did not happen; `retryAfter` in seconds where waiting helps. */
export type SignInRefusal =
	| { readonly kind: 'refused'; readonly code: 'wrong-password' | 'offline' | 'internal' }
	| { readonly kind: 'refused'; readonly code: 'rate-limited'; readonly retryAfter: number };

/** What sign-out would lose, because it is on this device only. */
export interface PendingWork {
	/** Things done with messages, settings and discarded drafts that the server has not confirmed, as the screen lists them. */
	readonly changes: number;
	/** Letters that wait in the outbox. */
	readonly letters: readonly { readonly subject: string }[];
	/** Drafts with text or attachments that only this device has. */
	readonly drafts: readonly { readonly subject: string }[];
}

/** A signed-in person on this device. `Mail` is the projection the caller asked to be opened over the replica. */
export interface Session<Mail> {
	readonly profile: Profile;
	readonly space: SpaceId;
	/** Everything is kept in this tab's memory only. */
	readonly publicComputer: boolean;
	/** Resolves when what the device holds is in memory; never where it can't be read, which `connectivity` says. */
	readonly loaded: Promise<unknown>;
	readonly replica: Replica;
	readonly mail: Mail;
	readonly drafts: Drafts;
	readonly outbox: Outbox;
	readonly contents: Contents;
	readonly connectivity: Connectivity;
	pendingWork(): Promise<PendingWork>;
	/** Whether closing this tab would lose work; answers at once, as a page that is being closed must. */
	isLostWithTab(): boolean;
	/** After the session ended on the server: signs the same person in again; nothing here was lost. */
	signInAgain(password: string): Promise<{ readonly kind: 'signed-in' } | SignInRefusal>;
	/** Wipes this device in all tabs, and ends the session on the server, now or when next online. */
	signOut(): Promise<void>;
	/** Calls back once, when the person was signed out here or in another tab. */
	onSignedOut(listener: () => void): () => void;
}

export interface Sessions<Mail> {
	/** Asks the server, then opens the device's replica. */
	signIn(
		credentials: Credentials & { readonly publicComputer: boolean }
	): Promise<{ readonly kind: 'signed-in'; readonly session: Session<Mail> } | SignInRefusal>;
	/** Opens what this device holds, with no wait for the network; null where nobody is signed in. */
	resume(): Promise<Session<Mail> | null>;
}
