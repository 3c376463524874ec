import type { DeviceId, PrincipalId, SpaceId } from '#schema/ids.ts';
import { accounts, sessions } from '#schema/tables/directory.ts';
import { and, eq, gt, lt, or } from '../drizzle.ts';
import type { Database, Operation } from '../file-kind.ts';

/** A sign-in to be remembered; times are milliseconds UTC. */
export interface NewSession {
	readonly tokenHash: Uint8Array;
	readonly id: string;
	readonly principal: PrincipalId;
	readonly publicComputer: boolean;
	readonly peer: string;
	readonly idleEndsAt: number;
	readonly endsAt: number;
}

/** A session that is good now. */
export interface StoredSession {
	readonly id: string;
	readonly principal: PrincipalId;
	readonly space: SpaceId;
	readonly publicComputer: boolean;
	/** The replica that uses it; null until it said hello. */
	readonly device: DeviceId | null;
	readonly idleEndsAt: number;
	readonly endsAt: number;
}

/** Remembers a session, and forgets those that have ended. */
const openSession: Operation<NewSession, null> = {
	mode: 'write',
	run(database, input, { now }) {
		database
			.delete(sessions)
			.where(or(lt(sessions.endsAt, now), lt(sessions.idleEndsAt, now)))
			.run();
		const tokenHash = Buffer.from(input.tokenHash);
		database
			.insert(sessions)
			.values({ ...input, tokenHash, createdAt: now, lastUsedAt: now })
			.run();
		return null;
	}
};

function goodSession(database: Database, tokenHash: Uint8Array, now: number): StoredSession | null {
	const found = database
		.select({
			id: sessions.id,
			principal: sessions.principal,
			space: accounts.space,
			publicComputer: sessions.publicComputer,
			device: sessions.device,
			idleEndsAt: sessions.idleEndsAt,
			endsAt: sessions.endsAt
		})
		.from(sessions)
		.innerJoin(accounts, eq(accounts.principal, sessions.principal))
		.where(
			and(
				eq(sessions.tokenHash, Buffer.from(tokenHash)),
				eq(accounts.active, true),
				gt(sessions.endsAt, now),
				gt(sessions.idleEndsAt, now)
			)
		)
		.get();
	return found ?? null;
}

/** The session of a token, or null where there is none that is good now. */
const findSession: Operation<{ readonly tokenHash: Uint8Array }, StoredSession | null> = {
	mode: 'read',
	run: (database, { tokenHash }, { now }) => goodSession(database, tokenHash, now)
};

/**
 * Notes that a session is in use, and until when it may now rest; answers whether it is good. One that has ended
 * stays so.
 */
const useSession: Operation<{ readonly id: string; readonly idleEndsAt: number }, boolean> = {
	mode: 'write',
	run(database, { id, idleEndsAt }, { now }) {
		const isGood = and(eq(sessions.id, id), gt(sessions.endsAt, now), gt(sessions.idleEndsAt, now));
		const { changes } = database.update(sessions).set({ lastUsedAt: now, idleEndsAt }).where(isGood).run();
		return changes > 0;
	}
};

/** Until when a session is good if it is not used, milliseconds UTC; null where it is none that is good now. */
const sessionEnd: Operation<{ readonly id: string }, number | null> = {
	mode: 'read',
	run(database, { id }, { now }) {
		const found = database
			.select({ idleEndsAt: sessions.idleEndsAt, endsAt: sessions.endsAt })
			.from(sessions)
			.where(eq(sessions.id, id))
			.get();
		const end = found === undefined ? 0 : Math.min(found.idleEndsAt, found.endsAt);
		return end > now ? end : null;
	}
};

/** Notes the device that uses a session. */
const bindSession: Operation<{ readonly id: string; readonly device: DeviceId }, null> = {
	mode: 'write',
	run(database, { id, device }) {
		database.update(sessions).set({ device }).where(eq(sessions.id, id)).run();
		return null;
	}
};

/** Ends a session for good; ending one that has ended is no error. */
const endSession: Operation<{ readonly id: string }, null> = {
	mode: 'write',
	run(database, { id }) {
		database.delete(sessions).where(eq(sessions.id, id)).run();
		return null;
	}
};

export const sessionOperations = {
	'open-session': openSession,
	'find-session': findSession,
	'use-session': useSession,
	'session-end': sessionEnd,
	'bind-session': bindSession,
	'end-session': endSession
};
