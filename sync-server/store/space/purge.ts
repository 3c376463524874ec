import { rangesOf, type Ranges } from '#schema/docs/ranges.ts';
import type { CommandId, DeviceId } from '#schema/ids.ts';
import type { CommandResult } from '#schema/protocol/messages.ts';
import type { Cursor } from '#schema/space/entry.ts';
import { perDatabase, type Database } from '../drizzle.ts';
import type { Operation, OperationContext } from '../file-kind.ts';
import { readAnswer, writeAnswer } from './answers.ts';
import { runsOf } from './apply-messages.ts';
import { useBytes } from './arrive.ts';
import { appendEntry } from './entry-log.ts';
import { headOf } from './space-row.ts';

/** Messages to be removed for good. */
export interface Purging {
	readonly command: CommandId;
	readonly device: DeviceId;
	readonly arrivals: Ranges;
	/** How far the device knew the log: what came later was not meant. */
	readonly seen: Cursor;
}

const inList = 'WHERE arrival IN (SELECT value FROM json_each(?))';

const statements = perDatabase(({ $client }) => ({
	meant: $client.prepare(
		`SELECT message.arrival FROM json_each(?) AS run CROSS JOIN message
			ON message.arrival >= run.value ->> 0 AND message.arrival < run.value ->> 1
		WHERE message.withdrawn_seq IS NULL AND message.placed_seq <= ? AND message.mailbox IN ('trash', 'junk')`
	),
	size: $client.prepare(`SELECT coalesce(sum(size), 0) FROM body ${inList}`),
	erasures: ['body', 'content', 'summary'].map((table) => $client.prepare(`DELETE FROM ${table} ${inList}`))
}));

/** Removes the content of messages; their rows stay as tombstones. */
function erase(database: Database, arrivals: readonly number[]): void {
	const { size, erasures } = statements(database);
	const list = JSON.stringify(arrivals);
	useBytes(database, -Number(size.raw().get(list)?.[0] ?? 0));
	for (const erasure of erasures) erasure.run(list);
}

function purgeNow(
	database: Database,
	{ device, arrivals, seen }: Omit<Purging, 'command'>,
	context: OperationContext
): CommandResult {
	const fence = headOf(database);
	if (seen.generation !== fence.generation) {
		return { kind: 'refused', code: 'stale-generation', detail: 'seen' };
	}
	const rows = statements(database).meant.raw().all(runsOf(arrivals), seen.seq);
	const meant = rows.map(([arrival]) => Number(arrival));
	if (meant.length > 0) {
		appendEntry(database, context, {
			fence,
			act: { edge: 'sync', device, action: 'purge', detail: `messages ${meant.length}` },
			origin: 'local',
			changes: [{ kind: 'withdrawn', arrivals: rangesOf(meant) }]
		});
		erase(database, meant);
	}
	return { kind: 'done' };
}

/**
 * Removes for good those of the named messages that the device had seen and that now lie in Trash or Junk: what
 * came later, or was moved out meanwhile, stays. Numbers of another generation mean other messages: refused.
 */
const purge: Operation<Purging, CommandResult> = {
	mode: 'write',
	run(database, { command, device, arrivals, seen }, context) {
		const stored = readAnswer(database, command);
		if (stored !== null) return stored;
		const result = purgeNow(database, { device, arrivals, seen }, context);
		writeAnswer(database, command, result, context.now);
		return result;
	}
};

export const purgeOperations = { purge };
