import type { BlobHash, BlobKey } from '../blobs/blob-store.ts';
import { perDatabase } from '../drizzle.ts';
import type { Operation } from '../file-kind.ts';
import { useBytes } from './arrive.ts';
import { spaceOf } from './space-row.ts';

const ofGoneDrafts = `FROM attachment WHERE EXISTS (SELECT 1 FROM subject_register AS gone
	WHERE gone.subject = 'draft:' || attachment.document AND gone.field = 'deleted'
		AND gone.value = 'true' AND gone.time < ?)`;

const statements = perDatabase(({ $client }) => ({
	floor: $client.prepare('SELECT coalesce(max(seq), 0) FROM log WHERE at < ?'),
	log: $client.prepare('DELETE FROM log WHERE seq <= ?'),
	raise: $client.prepare('UPDATE space SET floor = max(floor, ?)'),
	batches: $client.prepare('DELETE FROM batch WHERE at < ?'),
	placements: $client.prepare('DELETE FROM placement WHERE at < ?'),
	attachmentBytes: $client.prepare(`SELECT coalesce(sum(size), 0) ${ofGoneDrafts}`),
	attachments: $client.prepare(`DELETE ${ofGoneDrafts}`),
	blobs: $client.prepare(
		`SELECT hash FROM body WHERE hash > ?1
		UNION SELECT hash FROM letter WHERE hash > ?1
		UNION SELECT hash FROM attachment WHERE hash > ?1 AND bytes IS NULL
		ORDER BY hash LIMIT ?2`
	)
}));

/**
 * Forgets what is older than `before` (milliseconds UTC) and needed by nobody: entries of the log, which raises its
 * floor; answers to batches and deliveries that would be repeats; attachments of drafts long gone. Answers the
 * new floor.
 */
const trim: Operation<{ readonly before: number }, number> = {
	mode: 'write',
	run(database, { before }) {
		const known = statements(database);
		const floor = Number(known.floor.raw().get(before)?.[0] ?? 0);
		known.log.run(floor);
		known.raise.run(floor);
		known.batches.run(before);
		known.placements.run(before);
		useBytes(database, -Number(known.attachmentBytes.raw().get(before)?.[0] ?? 0));
		known.attachments.run(before);
		return spaceOf(database).floor;
	}
};

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

export const upkeepOperations = { trim, 'blob-references': blobReferences };
