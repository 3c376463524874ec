import { newId, type OrganisationId, type PrincipalId, type SpaceId } from '#schema/ids.ts';
import type { Cursor } from '#schema/space/entry.ts';
import { spaces } from '#schema/tables/space.ts';
import type { Operation } from '../file-kind.ts';
import { StoreError } from '../store-error.ts';
import { findSpace, headOf } from './space-row.ts';

/** Whose space it is to be. */
export interface NewSpace {
	readonly space: SpaceId;
	readonly organisation: OrganisationId;
	readonly principal: PrincipalId;
	readonly spaceKind: 'mailbox';
	/** How many bytes it may hold; without it there is no bound. */
	readonly quotaBytes?: number;
}

/**
 * Makes the file a space. Creating the same space again changes nothing.
 *
 * @throws StoreError `conflict` where the file is another space already
 */
const create: Operation<NewSpace, Cursor> = {
	mode: 'write',
	run(database, { space, organisation, principal, spaceKind, quotaBytes }, { now, random }) {
		const known = findSpace(database);
		if (known !== undefined) {
			const isSame =
				known.id === space && known.organisation === organisation && known.principal === principal;
			if (!isSame) throw new StoreError('conflict', 'the file is another space');
			return { generation: known.generation, seq: known.head };
		}
		const generation = newId<'generation'>(random);
		const start = { head: 0, floor: 0, arrivals: 0, clockTime: 0, clockCounter: 0, usedBytes: 0 };
		const owner = { id: space, organisation, principal, kind: spaceKind };
		database
			.insert(spaces)
			.values({ ...owner, ...start, generation, createdAt: now, quotaBytes: quotaBytes ?? null })
			.run();
		return { generation, seq: 0 };
	}
};

/** Where the log stands. */
const head: Operation<undefined, Cursor> = {
	mode: 'read',
	run: (database) => headOf(database)
};

export const createOperations = { create, head };
