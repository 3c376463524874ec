import type { BatchId, DeviceId, PrincipalId, SpaceId } from '#schema/ids.ts';
import type { Profile } from '#schema/protocol/messages.ts';
import type { Commands } from './commands.ts';
import type { Rooms } from './live/rooms.ts';
import type { SpaceAccess } from './space-access.ts';

/** Who is on the other end of a connection, and what they may do. */
export interface SyncAccount {
	/** Id of the session. */
	readonly session: string;
	/** When that session ends in any case, milliseconds UTC. */
	readonly endsAt: number;
	/** Notes that the session is in use, so that it doesn't end for want of it. */
	readonly used: () => Promise<void>;
	readonly principal: PrincipalId;
	readonly spaces: readonly {
		readonly space: SpaceId;
		readonly kind: 'mailbox';
		readonly access: 'write' | 'read';
	}[];
}

/** What a connection is given by its surroundings. */
export interface SyncPorts {
	readonly clock: () => number;
	readonly spaces: SpaceAccess;
	readonly commands: Commands;
	readonly rooms: Rooms;
	readonly newBatch: () => BatchId;
	profile(principal: PrincipalId): Promise<Profile>;
	/** A device said hello under a session. */
	greeted(account: SyncAccount, device: DeviceId): Promise<void>;
	/** What became of a batch, for the metrics. */
	pushed(result: string): void;
	/** A failure of the server, to be logged. */
	failed(error: unknown): void;
}
