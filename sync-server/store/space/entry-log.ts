import type { DeviceId } from '#schema/ids.ts';
import { decodeAny, encodeAny } from '#schema/protocol/frames.ts';
import type { Change, Entry, Origin } from '#schema/space/entry.ts';
import { audit, log } from '#schema/tables/space.ts';
import { gt, perDatabase, sql, type Database } from '../drizzle.ts';
import type { OperationContext } from '../file-kind.ts';
import { applyEntry } from './apply.ts';
import { spaceOf } from './space-row.ts';

/** What one write decided; the log gives it its number and its time. */
export interface Decision {
	readonly device: DeviceId | null;
	readonly origin: Origin;
	readonly changes: readonly Change[];
	/** What the audit says of it, where somebody did it: an action, and numbers, never content. */
	readonly audit?: { readonly action: string; readonly detail: string };
}

const queries = perDatabase((database) => ({
	append: database
		.insert(log)
		.values({
			seq: sql.placeholder('seq'),
			at: sql.placeholder('at'),
			device: sql.placeholder('device'),
			origin: sql.placeholder('origin'),
			changes: sql.placeholder('changes')
		})
		.prepare(),
	after: database
		.select()
		.from(log)
		.where(gt(log.seq, sql.placeholder('after')))
		.orderBy(log.seq)
		.limit(sql.placeholder('limit'))
		.prepare()
}));

/**
 * Appends a decision to the log and applies it, in the transaction of the operation: decide, entry, apply.
 * Everybody hears of it once that is committed.
 */
export function appendEntry(database: Database, context: OperationContext, decision: Decision): Entry {
	const space = spaceOf(database);
	const entry: Entry = {
		seq: space.head + 1,
		at: context.now,
		device: decision.device,
		origin: decision.origin,
		changes: decision.changes
	};
	const changes = Buffer.from(encodeAny(entry.changes));
	queries(database).append.run({ ...entry, changes });
	applyEntry(database, entry);
	if (decision.audit !== undefined && entry.device !== null) {
		const who = { seq: entry.seq, at: entry.at, principal: space.principal, device: entry.device };
		database
			.insert(audit)
			.values({ ...who, ...decision.audit })
			.run();
	}
	context.emit({ kind: 'entries', space: space.id, generation: space.generation, entries: [entry] });
	return entry;
}

/** How many rows are read at a time, so that a long log is never held whole. */
const rowsAtOnce = 100;

/**
 * Entries after `after`, ascending and without gaps, until their encoded size passes `limitBytes`; at least
 * one where there is any.
 */
export function readEntries(database: Database, after: number, limitBytes: number): Entry[] {
	const entries: Entry[] = [];
	let bytes = 0;
	for (;;) {
		const last = entries.at(-1)?.seq ?? after;
		const rows = queries(database).after.all({ after: last, limit: rowsAtOnce });
		for (const { changes, ...row } of rows) {
			if (bytes > limitBytes) return entries;
			bytes += changes.byteLength;
			// Written by `appendEntry` alone, from a checked decision.
			entries.push({ ...row, changes: decodeAny(changes) as Change[] });
		}
		if (rows.length < rowsAtOnce) return entries;
	}
}
