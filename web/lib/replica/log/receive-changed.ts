import { isInRanges, rangesOf, unionOfRanges } from '#schema/docs/ranges.ts';
import type { ChangedPack, Cursor, Opening } from '#schema/space/entry.ts';
import type { ReplicaCore } from '../replica-core.ts';
import { blockOf, blockSize, flagBits } from '../state/column-block.ts';
import { Tally } from '../state/tally.ts';
import { readMeta } from '../storage/meta.ts';
import type { CatchUpRow } from '../storage/stores.ts';
import type { Alteration, Needs } from './alteration.ts';
import { applyChange, applyMessage, applyMessageRegister, needsOf } from './apply-change.ts';
import { confirmedStores } from './confirm.ts';

function isSame(left: Cursor, right: Cursor): boolean {
	return left.generation === right.generation && left.seq === right.seq;
}

/** How far this replica has come in taking what changed below the log's floor; undefined where it has not begun. */
export async function catchUpOf(core: ReplicaCore): Promise<CatchUpRow | undefined> {
	const [row, head] = await core.storage.read(['meta'], (transaction) =>
		Promise.all([readMeta(transaction, 'catchUp'), readMeta(transaction, 'head')])
	);
	return row !== undefined && head !== undefined && isSame(row.since, head.cursor) ? row : undefined;
}

/**
 * Lays the opening for where this replica stands under what is pending, and begins to catch up: the cursor stays until
 * the packs of what changed are taken. False: it is of another history, nothing was done.
 */
export async function receiveOpeningSince(core: ReplicaCore, opening: Opening): Promise<boolean> {
	const isTaken = await core.confirm({
		stores: confirmedStores,
		needs: needsOf([]),
		apply(alteration, transaction, { cursor }) {
			const { generation, seq } = opening.cursor;
			if (generation !== cursor.generation || seq < cursor.seq) return null;
			for (const { subject, field, value, stamp } of opening.registers) {
				applyChange(alteration, {
					kind: 'registers',
					target: { kind: 'subject', subject },
					field,
					value,
					stamp
				});
			}
			for (const { document, state } of opening.documents) {
				applyChange(alteration, { kind: 'text', document, update: state });
			}
			alteration.replacesSending = true;
			alteration.submissions.push(...opening.submissions);
			alteration.deliveries.push(...opening.deliveries);
			const { arrivals: before, counters } = opening;
			if (before === 0) return { cursor: opening.cursor };
			// From now on: the packs pass over what is missing, and tell of a join once.
			const { backfill } = alteration;
			if (backfill !== undefined) alteration.backfill = { ...backfill, caughtUpAt: seq };
			transaction.put('meta', 'catchUp', { since: cursor, target: opening.cursor, before, counters });
			return {};
		}
	});
	// Some of it may be this device's own, whose ack never came: who wrote what is not told.
	if (isTaken && opening.documents.length > 0) core.notices.tell({ kind: 'documents', documents: 'all' });
	return isTaken;
}

function needsOfChanged({ arrived, registers, withdrawn }: ChangedPack): Needs {
	const gone = needsOf([{ kind: 'withdrawn', arrivals: withdrawn }]);
	const came = needsOf(arrived.map((message) => ({ kind: 'arrived', message })));
	const blocks = registers.map(({ arrival }) => blockOf(arrival));
	return {
		registers: new Set([...came.registers, ...blocks]),
		packs: new Set([...came.packs, ...gone.packs])
	};
}

/** Gives messages the threads they belong to now; those that should be here and are not are to be downloaded. */
function applyThreads(alteration: Alteration, threads: ChangedPack['threads']): void {
	const { backfill } = alteration;
	const lacking: number[] = [];
	for (const [arrival, thread] of threads) {
		const columns = alteration.columnsOf(arrival);
		const place = arrival % blockSize;
		if (((columns.flags[place] ?? 0) & flagBits.held) !== 0) columns.threads[place] = thread;
		else if (backfill !== undefined && !isInRanges(backfill.missing, arrival)) lacking.push(arrival);
	}
	if (backfill === undefined || lacking.length === 0) return;
	alteration.backfill = { ...backfill, missing: unionOfRanges(backfill.missing, rangesOf(lacking)) };
}

function applyChanged(alteration: Alteration, pack: ChangedPack): void {
	const present = rangesOf(pack.threads.map(([arrival]) => arrival));
	const { backfill: before } = alteration;
	applyChange(alteration, { kind: 'restored', arrivals: present });
	if (alteration.backfill !== undefined && alteration.backfill !== before) {
		alteration.backfill = { ...alteration.backfill, restoredAt: pack.cursor.seq };
	}
	for (const { arrival, field, value, stamp } of pack.registers) {
		applyMessageRegister(alteration, [arrival, 1], field, { value, stamp });
	}
	for (const message of pack.arrived) applyMessage(alteration, message);
	applyThreads(alteration, pack.threads);
	applyChange(alteration, { kind: 'withdrawn', arrivals: pack.withdrawn });
}

/** Where totals are still the server's, they are those of the target, moved by what changes here from now on. */
function countAnew(alteration: Alteration, { counters }: CatchUpRow): void {
	const { backfill } = alteration;
	if (backfill === undefined || backfill.missing.length === 0) return;
	const tally = new Tally(alteration.dictionary);
	for (const [, block] of alteration.everyBlock()) tally.addBlock(block);
	alteration.backfill = { ...backfill, counters, counted: tally.counters() };
}

/**
 * Lays a pack of what changed under what is pending, and with the last one moves the cursor to where the log is followed
 * from. False: it is not the one that is to come next, or of another history; nothing was done.
 */
export async function receiveChangedPack(core: ReplicaCore, pack: ChangedPack): Promise<boolean> {
	return core.confirm({
		stores: confirmedStores,
		needs: needsOfChanged(pack),
		async apply(alteration, transaction, { cursor }) {
			const row = await readMeta(transaction, 'catchUp');
			if (row === undefined || !isSame(row.since, cursor) || row.before !== pack.to) return null;
			if (pack.cursor.generation !== cursor.generation) return null;
			applyChanged(alteration, pack);
			if (pack.from > 0) {
				transaction.put('meta', 'catchUp', { ...row, before: pack.from });
				return {};
			}
			transaction.delete('meta', 'catchUp');
			countAnew(alteration, row);
			return { cursor: row.target };
		}
	});
}
