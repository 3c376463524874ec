import { decodeAny, encodeAny } from '#schema/protocol/frames.ts';
import type { Change, Cursor, Entry, Origin } from '#schema/space/entry.ts';
import { log } from '#schema/tables/space.ts';
import { and, gt, lte, perDatabase, sql, type Database } from '../drizzle.ts';
import type { OperationContext } from '../file-kind.ts';
import { applyEntry } from './apply.ts';
import { writeAudit, type Act } from './audit.ts';
import { StoreError } from '../store-error.ts';
import { spaceOf } from './space-row.ts';

/** What one write decided; the log gives it its number and its time. */
export interface Append {
	/** The fencing token: where the log stood when this was decided. Anywhere else it is not true any more. */
	readonly fence: Cursor;
	/** What the audit says of it; null where nobody did it: a delivery, a release, news of the queue. */
	readonly act: Act | null;
	readonly origin: Origin;
	readonly changes: readonly Change[];
}

/** How many entries a stretch holds at most. */
const mostAtOnce = 1000;

const queries = perDatabase((database) => ({
	// The way of every message; Drizzle would take longer over it than SQLite does.
	append: database.$client.prepare(
		'INSERT INTO log (seq, at, device, origin, changes) VALUES (?, ?, ?, ?, ?)'
	),
	sizes: database
		.select({ seq: log.seq, bytes: sql<number>`length(${log.changes})` })
		.from(log)
		.where(gt(log.seq, sql.placeholder('after')))
		.orderBy(log.seq)
		.limit(mostAtOnce)
		.prepare(),
	stretch: database
		.select()
		.from(log)
		.where(and(gt(log.seq, sql.placeholder('after')), lte(log.seq, sql.placeholder('through'))))
		.orderBy(log.seq)
		.prepare()
}));

/**
 * Appends what was decided and applies it, in the transaction of the operation: decide, entry, apply. Everybody
 * hears of it once that is committed. There is no other way into a log.
 *
 * @throws StoreError `conflict` where the log does not stand at the fence: somebody else wrote, or it is another
 * history; nothing of the operation is written then
 */
export function appendEntry(database: Database, context: OperationContext, decided: Append): Entry {
	const space = spaceOf(database);
	const { fence, act, origin, changes } = decided;
	if (fence.generation !== space.generation || fence.seq !== space.head) {
		throw new StoreError('conflict', `the log stands at ${space.head} of ${space.generation}`);
	}
	const entry: Entry = {
		seq: space.head + 1,
		at: context.now,
		device: act?.device ?? null,
		origin,
		changes
	};
	const { seq, at, device } = entry;
	queries(database).append.run(seq, at, device, origin, encodeAny(changes));
	applyEntry(database, entry);
	if (act !== null) writeAudit(database, act, seq, at);
	context.emit({ kind: 'entries', space: space.id, generation: space.generation, entries: [entry] });
	return entry;
}

/** The last seq of a stretch after `after` that fits the limit, or the first where none does. */
function endOf(
	sizes: readonly { readonly seq: number; readonly bytes: number }[],
	limitBytes: number
): number {
	let bytes = 0;
	let end = sizes[0]?.seq ?? 0;
	for (const row of sizes) {
		bytes += row.bytes;
		if (bytes > limitBytes) break;
		end = row.seq;
	}
	return end;
}

/**
 * Entries after `after`, ascending and without gaps, as many as fit `limitBytes` of their encoded size; at least
 * one where there is any, and at most a thousand.
 */
export function readEntries(database: Database, after: number, limitBytes: number): Entry[] {
	const through = endOf(queries(database).sizes.all({ after }), limitBytes);
	const rows = queries(database).stretch.all({ after, through });
	// Written by `appendEntry` alone, from a checked decision.
	return rows.map(({ changes, ...row }) => ({ ...row, changes: decodeAny(changes) as Change[] }));
}
