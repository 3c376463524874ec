import type { OrganisationId, PrincipalId, SpaceId } from '#schema/ids.ts';
import type { Cursor } from '#schema/space/entry.ts';
import { perDatabase, type Database } from '../drizzle.ts';
import { StoreError } from '../store-error.ts';

/** The one row that says what the space is and how far it has come. */
export interface SpaceRow {
	readonly id: SpaceId;
	readonly organisation: OrganisationId;
	readonly principal: PrincipalId;
	readonly generation: string;
	readonly head: number;
	readonly floor: number;
	readonly arrivals: number;
	readonly clockTime: number;
	readonly clockCounter: number;
	readonly usedBytes: number;
	readonly quotaBytes: number | null;
}

// Read twice for every message; Drizzle would take longer over it than SQLite does.
const statements = perDatabase(({ $client }) => ({
	row: $client.prepare(
		`SELECT id, organisation, principal, generation, head, floor, arrivals, clock_time AS clockTime,
			clock_counter AS clockCounter, used_bytes AS usedBytes, quota_bytes AS quotaBytes FROM space LIMIT 1`
	)
}));

/** The space's row, or undefined where the file was made but never became a space. */
export function findSpace(database: Database): SpaceRow | undefined {
	// The table is strict, so its columns are what they say.
	return statements(database).row.get() as SpaceRow | undefined;
}

/**
 * The space's row.
 *
 * @throws StoreError `missing` where the file is no space yet
 */
export function spaceOf(database: Database): SpaceRow {
	const row = findSpace(database);
	if (row === undefined) throw new StoreError('missing', 'no space was created in this file');
	return row;
}

/** Where the space's log stands: the fence of what is decided now. */
export function headOf(database: Database): Cursor {
	const { generation, head: seq } = spaceOf(database);
	return { generation, seq };
}
