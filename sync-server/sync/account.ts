import type { BatchId, DeviceId, PrincipalId, SpaceId } from '#schema/ids.ts';
import type { Profile } from '#schema/protocol/messages.ts';
import type { Commands } from './commands.ts';
import type { Rooms } from './live/rooms.ts';
import type { SpaceAccess } from './space-access.ts';

/** Who is on the other end of a connection, and what they may do. */
export interface SyncAccount {
	/** Id of the session. */
	readonly session: string;
	/** Until when that session was good, used or not, when the connection was made; milliseconds UTC. */
	readonly goodUntil: number;
	/** Until when it is good by now; null where it has ended. */
	readonly standing: () => Promise<number | null>;
	/** Notes that the session is in use, so that it doesn't end for want of it; answers whether it is good. */
	readonly used: () => Promise<boolean>;
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
