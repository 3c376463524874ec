import type { DeviceId } from '../ids.ts';

/**
 * Last-writer-wins registers with hybrid logical clocks: a register is (subject, field) -> value, stamped.
 * Merging is choosing the greater of two registers by {@link compareRegisters}, which is a total order over
 * different registers; so it is commutative, associative and idempotent.
 */

/** When and where a register was written. `time` is milliseconds UTC, `counter` orders within one. */
export interface Stamp {
	readonly time: number;
	readonly counter: number;
	readonly device: DeviceId;
}

/** What a register may hold. Small by design; lists are sets of ids such as labels. */
export type RegisterValue = null | boolean | number | string | readonly string[];

export interface Register {
	readonly value: RegisterValue;
	readonly stamp: Stamp;
}

/** Longest text a register may hold, in UTF-16 units; longer text belongs in a text document. */
export const maxRegisterText = 4096;

/** Orders stamps: time, then counter, then device. */
export function compareStamps(left: Stamp, right: Stamp): number {
	if (left.time !== right.time) return left.time < right.time ? -1 : 1;
	if (left.counter !== right.counter) return left.counter < right.counter ? -1 : 1;
	if (left.device === right.device) return 0;
	return left.device < right.device ? -1 : 1;
}

/** Orders registers: by stamp, then by encoded value, so that equal stamps still converge. */
function compareRegisters(left: Register, right: Register): number {
	const byStamp = compareStamps(left.stamp, right.stamp);
	if (byStamp !== 0) return byStamp;
	const leftValue = encodeValue(left.value);
	const rightValue = encodeValue(right.value);
	if (leftValue === rightValue) return 0;
	return leftValue < rightValue ? -1 : 1;
}

/** The register that stands after both were seen. */
export function mergeRegisters(left: Register | undefined, right: Register): Register {
	return left !== undefined && compareRegisters(left, right) >= 0 ? left : right;
}

/** A value as text with one spelling per value; used to compare and to store. */
export function encodeValue(value: RegisterValue): string {
	return JSON.stringify(value);
}
