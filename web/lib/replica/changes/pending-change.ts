import type { RegisterValue, Stamp } from '#schema/docs/registers.ts';
import type { DeviceId, DocumentId } from '#schema/ids.ts';
import type { RegisterTarget } from '#schema/space/entry.ts';

/** A time and the counter within it; a stamp without its device. */
export type StampTime = Pick<Stamp, 'time' | 'counter'>;

/** Orders times within one device: by time, then by counter. */
export function compareTimes(left: StampTime, right: StampTime): number {
	return left.time - right.time || left.counter - right.counter;
}

/** The later of two. */
export function laterTime(left: StampTime, right: StampTime): StampTime {
	return compareTimes(left, right) < 0 ? { time: right.time, counter: right.counter } : left;
}

/** A write of this device's to registers, which the server has not confirmed. */
export interface PendingRegisters {
	readonly kind: 'registers';
	/** Number of the change on this device, ascending in the order of the writes. */
	readonly key: number;
	readonly target: RegisterTarget;
	readonly field: string;
	readonly value: RegisterValue;
	/** In the device's own time, as it believed then. */
	readonly stamp: Stamp;
	/** The latest stamp of others, in server time, that the device had seen when it wrote. */
	readonly seen: StampTime;
	/** Of a draft's discard: the state vector of the text that was thrown away. Absent of earlier versions. */
	readonly known?: Uint8Array<ArrayBuffer>;
}

/** An edit of this device's to a text document, which the server has not confirmed. */
export interface PendingText {
	readonly kind: 'text';
	readonly key: number;
	readonly document: DocumentId;
	/** Yjs update, version 1. */
	readonly update: Uint8Array<ArrayBuffer>;
}

export type PendingChange = PendingRegisters | PendingText;

/** The row every write advances: what this device stamps and numbers its changes with. */
export interface ClockRow {
	readonly device: DeviceId;
	/** Last stamp made, in the device's own time. */
	readonly last: StampTime;
	readonly nextKey: number;
}
