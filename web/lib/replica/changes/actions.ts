import {
	countOfRanges,
	eachInRanges,
	isInRanges,
	rangesOf,
	unionOfRanges,
	type Ranges
} from '#schema/docs/ranges.ts';
import { compareStamps, type RegisterValue, type Stamp } from '#schema/docs/registers.ts';
import type { DeviceId } from '#schema/ids.ts';
import type { MessageField } from '#schema/mail/message.ts';
import type { ReplicaCore } from '../replica-core.ts';
import { blockOf, blockSize } from '../state/column-block.ts';
import type { ValueBefore } from '../state/message-columns.ts';
import { RegisterBlock } from '../state/register-block.ts';
import { readMeta } from '../storage/meta.ts';
import type { Reading } from '../storage/storage.ts';
import { StampMover } from './batch.ts';
import { writeChanges, type NewChange } from './write.ts';

/** What one write of messages did, so that it can be undone. */
export interface Action {
	/** How many messages it really changed. */
	readonly count: number;
	readonly arrivals: Ranges;
	readonly field: MessageField;
	readonly value: RegisterValue;
	/** Numbers of the changes it became, and of later ones and their undoing: those leave it the latest again. */
	readonly keys: readonly number[];
	/** What the messages had before. */
	readonly before: readonly ValueBefore[];
}

/** What undoing an action did. */
export interface Undone {
	/** How many messages got back what they had. */
	readonly count: number;
	/** Numbers of the changes it became. */
	readonly keys: readonly number[];
}

/** The action as it can be undone once a later one was undone: neither of the two counts as a later write. */
export function beneath(action: Action, later: Action, undone: Undone): Action {
	if (action.field !== later.field) return action;
	return { ...action, keys: [...action.keys, ...later.keys, ...undone.keys] };
}

/** Numbers one change may carry in its set, within the bounds of the wire. */
const numbersPerChange = 100_000;

function inPieces(arrivals: Ranges): Ranges[] {
	const pieces: Ranges[] = [];
	for (let index = 0; index < arrivals.length; index += numbersPerChange) {
		pieces.push(arrivals.slice(index, index + numbersPerChange));
	}
	return pieces;
}

function changesOf(arrivals: Ranges, field: MessageField, value: RegisterValue): NewChange[] {
	return inPieces(arrivals).map((piece) => ({
		kind: 'registers',
		target: { kind: 'messages', arrivals: piece },
		field,
		value
	}));
}

/**
 * Writes one field of those messages that don't have the value yet. One row is stored, however many they
 * are; resolves when it is committed and shown.
 */
export async function writeMessages(
	core: ReplicaCore,
	arrivals: Iterable<number>,
	field: MessageField,
	value: RegisterValue
): Promise<Action> {
	await core.loaded;
	const before = core.memory.columns.otherThan(value, field, arrivals);
	const changed = before.reduce<Ranges>((all, group) => unionOfRanges(all, group.arrivals), []);
	const written = await writeChanges(core, changesOf(changed, field, value));
	return {
		count: countOfRanges(changed),
		arrivals: changed,
		field,
		value,
		keys: written.map(({ key }) => key),
		before
	};
}

/** What storage says at one moment of the registers that an action wrote. */
interface Ownership {
	readonly device: DeviceId;
	/** Messages that this device wrote again since. */
	readonly later: Ranges;
	/** The action's changes that are still pending, by the stamp they would be sent with. */
	readonly pending: readonly { readonly arrivals: Ranges; readonly stamp: Stamp }[];
	/** Stamps the action's changes were confirmed with. */
	readonly settled: readonly Stamp[];
	/** By block. */
	readonly registers: ReadonlyMap<number, RegisterBlock>;
}

/** What is pending and what is confirmed is read together: an ack between the two would hide the action from both. */
function readOwnership(core: ReplicaCore, action: Action): Promise<Ownership> {
	return core.storage.read(['meta', 'pending', 'registers'], async (transaction) => {
		const [settled, head, changes, registers] = await Promise.all([
			readMeta(transaction, 'settled'),
			readMeta(transaction, 'head'),
			transaction.getAll('pending'),
			readRegisters(transaction, action.arrivals)
		]);
		const rows = changes.flatMap((change) => {
			if (change.kind !== 'registers' || change.field !== action.field) return [];
			return change.target.kind === 'messages' ? [{ change, arrivals: change.target.arrivals }] : [];
		});
		const first = Math.min(...action.keys);
		const mover = new StampMover(core.serverTime(), head?.own ?? { time: 0, counter: 0 });
		return {
			device: core.device(),
			later: rows
				.filter(({ change: { key } }) => key > first && !action.keys.includes(key))
				.reduce<Ranges>((all, { arrivals }) => unionOfRanges(all, arrivals), []),
			pending: rows
				.filter(({ change: { key } }) => action.keys.includes(key))
				.map(({ change, arrivals }) => ({ arrivals, stamp: mover.move(change) })),
			settled: (settled ?? []).filter(({ key }) => action.keys.includes(key)).map(({ stamp }) => stamp),
			registers
		};
	});
}

async function readRegisters(
	transaction: Reading<'registers'>,
	arrivals: Ranges
): Promise<ReadonlyMap<number, RegisterBlock>> {
	const numbers = new Set<number>();
	eachInRanges(arrivals, (arrival) => numbers.add(blockOf(arrival)));
	const blocks = await Promise.all(
		[...numbers].map(async (number) => new RegisterBlock(number, await transaction.get('registers', number)))
	);
	return new Map(blocks.map((block) => [block.block, block]));
}

/** Whether the action's write is the latest of a message. */
function isOwn(arrival: number, field: MessageField, ownership: Ownership): boolean {
	const { device, later, settled, registers } = ownership;
	if (isInRanges(later, arrival)) return false;
	const confirmed = registers.get(blockOf(arrival))?.get(arrival % blockSize, field)?.stamp;
	const pending = ownership.pending.findLast(({ arrivals }) => isInRanges(arrivals, arrival));
	if (confirmed === undefined) return pending !== undefined;
	if (settled.some((stamp) => compareStamps(stamp, confirmed) === 0)) return true;
	if (pending === undefined) return false;
	// A stamp of this device is one of an earlier write, or of this one, whose entry came before its ack.
	return confirmed.device === device || compareStamps(confirmed, pending.stamp) < 0;
}

/**
 * Gives messages back what they had before the action, where its write is still the latest. Resolves when
 * that is committed and shown.
 */
export async function undoAction(core: ReplicaCore, action: Action): Promise<Undone> {
	if (action.count === 0) return { count: 0, keys: [] };
	const ownership = await readOwnership(core, action);
	let count = 0;
	const changes = action.before.flatMap(({ value, arrivals }) => {
		const own: number[] = [];
		eachInRanges(arrivals, (arrival) => {
			if (isOwn(arrival, action.field, ownership)) own.push(arrival);
		});
		count += own.length;
		return changesOf(rangesOf(own), action.field, value);
	});
	const written = await writeChanges(core, changes);
	return { count, keys: written.map(({ key }) => key) };
}
