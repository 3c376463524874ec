import type { Stamp } from '#schema/docs/registers.ts';
import type { BatchId, DeviceId } from '#schema/ids.ts';
import type { RefusalCode } from '#schema/protocol/codes.ts';
import { decodeAny, encodeAny } from '#schema/protocol/frames.ts';
import type { PushedChange } from '#schema/protocol/messages.ts';
import type { Change } from '#schema/space/entry.ts';
import { batches } from '#schema/tables/space.ts';
import { and, eq, type Database } from '../drizzle.ts';
import type { Operation } from '../file-kind.ts';
import { documentBytes } from './apply-documents.ts';
import { goneAmong, tellOfGone } from './gone-drafts.ts';
import { appendEntry } from './entry-log.ts';
import { objectionTo } from './push-rights.ts';
import { spaceOf } from './space-row.ts';
import { assignStamp, readGivenStamps, writeGivenStamps } from './stamps.ts';

/** A stamp that the server gave in place of the device's. */
export interface ReplacedStamp {
	/** The device's number of the change. */
	readonly key: number;
	readonly stamp: Stamp;
}

/** Pending changes of a device, checked to be well formed by the edge (`pushFrame`). */
export interface Push {
	readonly device: DeviceId;
	readonly batch: BatchId;
	/** The generation of the space the device knows. */
	readonly generation: string;
	readonly changes: readonly PushedChange[];
	/** Changes that are pushed after these: where one may not be made, these are refused with it. */
	readonly following?: readonly PushedChange[];
}

export type PushAnswer =
	/** `seq`: the entry that holds all changes of the batch. */
	| { readonly kind: 'acked'; readonly seq: number; readonly stamps: readonly ReplacedStamp[] }
	/** None was taken; `keys` are the changes that stood in the way. */
	| { readonly kind: 'refused'; readonly code: RefusalCode; readonly keys: readonly number[] };

/** How large one text document may become, bytes of its updates. */
const maxDocumentBytes = 16 << 20;

function repeated(database: Database, { device, batch }: Push): PushAnswer | undefined {
	const known = database
		.select()
		.from(batches)
		.where(and(eq(batches.device, device), eq(batches.id, batch)))
		.get();
	if (known === undefined) return undefined;
	return { kind: 'acked', seq: known.seq, stamps: decodeAny(known.stamps) as ReplacedStamp[] };
}

/** The first reason not to take the batch, with every change it holds against. */
function refusalOf(
	database: Database,
	changes: readonly PushedChange[],
	arrivals: number
): PushAnswer | undefined {
	const grown = new Map<string, number>();
	const objections = changes.map((change): RefusalCode | null => {
		const objection = objectionTo(change, arrivals);
		if (objection !== null || change.kind === 'registers') return objection;
		const before = grown.get(change.document) ?? documentBytes(database, change.document);
		grown.set(change.document, before + change.update.byteLength);
		return before + change.update.byteLength > maxDocumentBytes ? 'too-large' : null;
	});
	const code = objections.find((objection) => objection !== null);
	if (code === undefined) return undefined;
	return {
		kind: 'refused',
		code,
		keys: changes.filter((_, index) => objections[index] === code).map(({ key }) => key)
	};
}

/** The changes as they enter the log, and the stamps that became others. */
function stamped(database: Database, { device, changes }: Push, now: number) {
	let given = readGivenStamps(database, device);
	const stamps: ReplacedStamp[] = [];
	const final = changes.map((change): Change => {
		if (change.kind === 'text') return { kind: 'text', document: change.document, update: change.update };
		const { given: next, time, counter } = assignStamp(given, change.stamp, now);
		given = next;
		const stamp: Stamp = { time, counter, device };
		const { key, stamp: pushed, target, field, value } = change;
		const isKept = pushed.time === time && pushed.counter === counter && pushed.device === device;
		if (!isKept) stamps.push({ key, stamp });
		return { kind: 'registers', target, field, value, stamp };
	});
	writeGivenStamps(database, device, given);
	return { changes: final, stamps };
}

function countsOf(changes: readonly PushedChange[]): string {
	const texts = changes.filter(({ kind }) => kind === 'text').length;
	return `registers ${changes.length - texts}, text ${texts}`;
}

/**
 * Takes a batch, all of it or nothing. A repeat of a batch gets the answer of the first time. Every batch that
 * is taken is one entry, also where a later stamp already stands and wins; what it writes to drafts that were gone is followed by
 * what replicas may lack of them.
 */
const push: Operation<Push, PushAnswer> = {
	mode: 'write',
	run(database, input, context) {
		const { device, batch, generation, changes, following = [] } = input;
		const space = spaceOf(database);
		if (generation !== space.generation) return { kind: 'refused', code: 'stale-generation', keys: [] };
		const answered =
			repeated(database, input) ?? refusalOf(database, [...changes, ...following], space.arrivals);
		if (answered !== undefined) return answered;
		const fence = { generation, seq: space.head };
		const { changes: final, stamps } = stamped(database, input, context.now);
		const act = { edge: 'sync', device, action: 'push', detail: countsOf(changes) } as const;
		const gone = goneAmong(database, changes);
		const { seq } = appendEntry(database, context, { fence, act, origin: 'local', changes: final });
		tellOfGone(database, context, { generation, seq }, gone);
		const row = { device, id: batch, seq, stamps: Buffer.from(encodeAny(stamps)), at: context.now };
		database.insert(batches).values(row).run();
		return { kind: 'acked', seq, stamps };
	}
};

export const pushOperations = { push };
