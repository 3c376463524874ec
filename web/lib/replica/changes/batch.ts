import type { Stamp } from '#schema/docs/registers.ts';
import { registersWritten } from '#schema/protocol/batch-reach.ts';
import type { PushedChange } from '#schema/protocol/messages.ts';
import type { RegisterTarget } from '#schema/space/entry.ts';
import type { InflightRow } from '../storage/stores.ts';
import { compareTimes, type PendingChange, type PendingRegisters, type StampTime } from './pending-change.ts';

/**
 * Bounds of one batch, well within those of a frame, and so that the server takes it in a moment. `registers` of messages
 * are bounded for several changes together; one over a whole mailbox goes by itself.
 */
export const batchLimits = { changes: 1000, bytes: 2 << 20, registers: 200_000 } as const;

/** How far server time is ahead of this device's, and what it is now; milliseconds. */
export interface ServerTime {
	readonly offset: number;
	readonly now: number;
}

export type Batch = Pick<InflightRow, 'changes' | 'covers'>;

/** Servers count from far above this what came out of order; nothing is counted on from there. */
const highestCounter = 1_000_000;

/** A stamp after another one, as close as can be. */
function after({ time, counter }: StampTime): StampTime {
	return counter >= highestCounter ? { time: time + 1, counter: 0 } : { time, counter: counter + 1 };
}

/**
 * Moves stamps from the device's time to the server's: by the offset, never past the server's now, never
 * below what the device had seen when it wrote, and in the order in which it wrote.
 */
export class StampMover {
	readonly #server: ServerTime;
	#last: StampTime;

	/** @param last the latest stamp that was ever confirmed of this device */
	constructor(server: ServerTime, last: StampTime) {
		this.#server = server;
		this.#last = last;
	}

	/** Changes must come in the order of their keys. */
	move({ stamp, seen }: Pick<PendingRegisters, 'stamp' | 'seen'>): Stamp {
		const own: StampTime = {
			time: Math.max(0, Math.min(stamp.time + this.#server.offset, this.#server.now)),
			counter: stamp.counter
		};
		const bounds = [after(seen), after(this.#last)];
		const moved = bounds.reduce((least, bound) => (compareTimes(least, bound) < 0 ? bound : least), own);
		this.#last = moved;
		return { ...moved, device: stamp.device };
	}
}

/** Names what a write writes, so that a later one of the same can stand for it. */
function targetName(target: RegisterTarget, field: string): string {
	return target.kind === 'subject'
		? `subject ${target.subject} ${field}`
		: `messages ${target.arrivals.join(',')} ${field}`;
}

function roughBytes(change: PendingChange): number {
	if (change.kind === 'text') return change.update.byteLength + 100;
	const target =
		change.target.kind === 'messages' ? change.target.arrivals.length * 6 : change.target.subject.length;
	return target + 200 + (typeof change.value === 'string' ? change.value.length * 3 : 0);
}

/** As many of the oldest changes as one batch may carry; at least one. */
function fitting(pending: readonly PendingChange[]): readonly PendingChange[] {
	let bytes = 0;
	let registers = 0;
	const end = pending.findIndex((change, index) => {
		const others = registers;
		bytes += roughBytes(change);
		registers += registersWritten(change);
		const isTooMuch = bytes > batchLimits.bytes || (others > 0 && registers > batchLimits.registers);
		return index > 0 && (index >= batchLimits.changes || isTooMuch);
	});
	return end === -1 ? pending : pending.slice(0, end);
}

/**
 * The next batch of pending changes, ascending by key: writes that a later one of the same target and field
 * covers are left out and stand behind it.
 *
 * @param pending all pending changes, ascending by key; at least one
 */
export function nextBatch(pending: readonly PendingChange[], mover: StampMover): Batch {
	const latest = new Map<string, { readonly change: PushedChange; readonly rows: number[] }>();
	for (const change of fitting(pending)) {
		if (change.kind === 'text') {
			const { key, document, update } = change;
			latest.set(`text ${key}`, { change: { kind: 'text', key, document, update }, rows: [key] });
			continue;
		}
		const { key, target, field, value } = change;
		const name = targetName(target, field);
		const rows = [...(latest.get(name)?.rows ?? []), key];
		const pushed: PushedChange = {
			kind: 'registers',
			key,
			target: mutableTarget(target),
			field,
			value: typeof value === 'object' && value !== null ? [...value] : value,
			stamp: mover.move(change)
		};
		// Taken out first, so that the order of the batch is that of the writes that stand.
		latest.delete(name);
		latest.set(name, { change: pushed, rows });
	}
	const entries = [...latest.values()];
	return {
		changes: entries.map(({ change }) => change),
		covers: entries.map(({ change, rows }) => ({ key: change.key, rows }))
	};
}

function mutableTarget(target: RegisterTarget): Extract<PushedChange, { kind: 'registers' }>['target'] {
	return target.kind === 'messages' ? { kind: 'messages', arrivals: [...target.arrivals] } : { ...target };
}
