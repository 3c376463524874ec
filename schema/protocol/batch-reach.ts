import { countOfRanges } from '../docs/ranges.ts';
import type { RegisterTarget } from '../space/entry.ts';

/**
 * How many registers of messages are written in one transaction, for which everybody else waits. One change alone may
 * write any number. Devices that build batches stay far below it; a batch over it is taken in parts.
 */
const maxBatchRegisters = 1_000_000;

/** A change as far as it says what it writes. */
type Reaching =
	| { readonly kind: 'registers'; readonly key: number; readonly target: RegisterTarget }
	| { readonly kind: 'text'; readonly key: number };

/** How many registers of messages a change writes. */
export function registersWritten(change: Reaching): number {
	if (change.kind === 'text' || change.target.kind === 'subject') return 0;
	return countOfRanges(change.target.arrivals);
}

/** The keys of the changes with which a batch goes beyond {@link maxBatchRegisters}; the first never does. */
export function keysBeyondReach(changes: readonly Reaching[]): number[] {
	const beyond: number[] = [];
	let written = 0;
	for (const change of changes) {
		const registers = registersWritten(change);
		const isBeyond = written > 0 && registers > 0 && written + registers > maxBatchRegisters;
		if (isBeyond) beyond.push(change.key);
		else written += registers;
	}
	return beyond;
}

/** The changes in runs that write no more than that together, in their order; at least one change each. */
export function partsWithinReach<Change extends Reaching>(changes: readonly Change[]): Change[][] {
	const parts: Change[][] = [];
	let written = Number.POSITIVE_INFINITY;
	for (const change of changes) {
		const registers = registersWritten(change);
		if (written > 0 && written + registers > maxBatchRegisters) {
			parts.push([]);
			written = 0;
		}
		written += registers;
		parts.at(-1)?.push(change);
	}
	return parts;
}
