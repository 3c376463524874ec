import type { BlobHash, BlobKey } from '../blobs/blob-store.ts';
import { perDatabase } from '../drizzle.ts';
import type { Operation } from '../file-kind.ts';
import { spaceOf } from './space-row.ts';

const statements = perDatabase(({ $client }) => ({
	blobs: $client.prepare(
		`SELECT hash FROM body WHERE hash > ?1
		UNION SELECT hash FROM letter WHERE hash > ?1
		UNION SELECT hash FROM attachment WHERE hash > ?1 AND bytes IS NULL
		ORDER BY hash LIMIT ?2`
	)
}));

/** Blobs this space refers to, by hash ascending, from the one after `after` (empty: the first), at most `limit`. */
const blobReferences: Operation<{ readonly after: string; readonly limit: number }, readonly BlobKey[]> = {
	mode: 'read',
	run(database, { after, limit }) {
		const { organisation } = spaceOf(database);
		const rows = statements(database).blobs.raw().all(after, limit);
		// Columns named `hash` hold only what was a hash when it was written.
		return rows.map(([hash]) => ({ organisation, hash: hash as string as BlobHash }));
	}
};

export const upkeepOperations = { 'blob-references': blobReferences };
