import { perDatabase, type Database } from '../drizzle.ts';
import type { Operation } from '../file-kind.ts';
import { useBytes } from './arrive.ts';
import { importedPrefix } from './placed.ts';
import { spaceOf } from './space-row.ts';

/** How many rows of each table a step looks at, so that whoever else wants the file waits milliseconds. */
const rowsOfStep = 500;

/** How many attachments a step removes; each may hold bytes. */
const attachmentsOfStep = 50;

/** A place in a table whose rows are ordered by a key of two texts. */
type Key = readonly [string, string];

/** Above every key: no text sorts behind the last code point. */
const behindAll: Key = ['\u{10FFFF}', ''];

/** How far trimming has come; made by one step for the next. */
export interface TrimCursor {
	readonly batch: Key;
	readonly placement: Key;
}

/** How many rows were removed. */
export interface TrimmedRows {
	readonly entries: number;
	readonly batches: number;
	readonly placements: number;
	readonly attachments: number;
}

/** What a step of trimming did. */
export interface TrimStep {
	/** The log's floor after the step. */
	readonly floor: number;
	readonly removed: TrimmedRows;
	/** Where the next step goes on; null where nothing is left to do. */
	readonly next: TrimCursor | null;
}

const ofGoneDrafts = `FROM attachment WHERE EXISTS (SELECT 1 FROM subject_register AS gone
	WHERE gone.subject = 'draft:' || attachment.document AND gone.field = 'deleted'
		AND gone.value = 'true' AND gone.time < ?)`;

const statements = perDatabase(({ $client }) => ({
	oldest: $client.prepare('SELECT seq, at FROM log ORDER BY seq LIMIT ?').raw(),
	log: $client.prepare('DELETE FROM log WHERE seq <= ?'),
	raise: $client.prepare('UPDATE space SET floor = max(floor, ?)'),
	batchEnd: $client
		.prepare(
			`SELECT device, id FROM batch WHERE (device, id) > (?, ?) ORDER BY device, id LIMIT 1 OFFSET ${rowsOfStep - 1}`
		)
		.raw(),
	batches: $client.prepare(
		'DELETE FROM batch WHERE (device, id) > (?, ?) AND (device, id) <= (?, ?) AND at < ?'
	),
	placementEnd: $client
		.prepare(
			`SELECT envelope, recipient FROM placement WHERE (envelope, recipient) > (?, ?)
				ORDER BY envelope, recipient LIMIT 1 OFFSET ${rowsOfStep - 1}`
		)
		.raw(),
	placements: $client.prepare(
		`DELETE FROM placement WHERE (envelope, recipient) > (?, ?) AND (envelope, recipient) <= (?, ?) AND at < ?
			AND envelope NOT GLOB '${importedPrefix}*'`
	),
	attachments: $client.prepare(`SELECT id, size ${ofGoneDrafts} LIMIT ${attachmentsOfStep}`).raw(),
	attachment: $client.prepare('DELETE FROM attachment WHERE id = ?')
}));

/** Forgets the log's oldest entries as long as they are old; the first that is not ends it. */
function trimLog(database: Database, before: number): number {
	const { oldest, log, raise } = statements(database);
	const rows = oldest.all(rowsOfStep);
	const young = rows.findIndex(([, at]) => Number(at) >= before);
	const old = young === -1 ? rows : rows.slice(0, young);
	const floor = old.at(-1)?.[0];
	if (floor === undefined) return 0;
	log.run(floor);
	raise.run(floor);
	return old.length;
}

function keyOf(row: readonly unknown[] | undefined): Key {
	return row === undefined ? behindAll : [String(row[0]), String(row[1])];
}

function trimBatches(database: Database, before: number, after: Key) {
	const { batchEnd, batches } = statements(database);
	const end = keyOf(batchEnd.get(...after));
	return { end, removed: batches.run(...after, ...end, before).changes };
}

function trimPlacements(database: Database, before: number, after: Key) {
	const { placementEnd, placements } = statements(database);
	const end = keyOf(placementEnd.get(...after));
	return { end, removed: placements.run(...after, ...end, before).changes };
}

function trimAttachments(database: Database, before: number): number {
	const { attachments, attachment } = statements(database);
	const rows = attachments.all(before);
	for (const [id] of rows) attachment.run(id);
	useBytes(database, -rows.reduce((sum, [, size]) => sum + Number(size), 0));
	return rows.length;
}

/**
 * One step of forgetting what is older than `before` (milliseconds UTC) and needed by nobody: entries of the log,
 * which raises its floor in the same commit; answers to batches and deliveries that would be repeats, but for imported ones; attachments of
 * drafts long gone. A step is bounded whatever the space holds; it is asked again with `cursor` until `next` is null.
 */
const trim: Operation<{ readonly before: number; readonly cursor?: TrimCursor }, TrimStep> = {
	mode: 'write',
	run(database, { before, cursor = { batch: ['', ''], placement: ['', ''] } }) {
		const entries = trimLog(database, before);
		const batches = trimBatches(database, before, cursor.batch);
		const placements = trimPlacements(database, before, cursor.placement);
		const isWalked = entries < rowsOfStep && batches.end === behindAll && placements.end === behindAll;
		// Finding them takes a look at every attachment, so it is left to the last steps.
		const attachments = isWalked ? trimAttachments(database, before) : 0;
		const isDone = isWalked && attachments < attachmentsOfStep;
		return {
			floor: spaceOf(database).floor,
			removed: { entries, batches: batches.removed, placements: placements.removed, attachments },
			next: isDone ? null : { batch: batches.end, placement: placements.end }
		};
	}
};

export const trimOperations = { trim };
