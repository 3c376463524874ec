/** A run of messages of a thread that are all open, or all one line. */
export interface ThreadRun {
	readonly kind: 'open' | 'folded';
	readonly arrivals: readonly number[];
}

/**
 * The messages that are open when a thread is shown: the one that was asked for, and those nobody has read. Null
 * while the thread is not known, because what the device holds is still being read.
 */
export function openAtFirst(
	thread: readonly number[],
	asked: number,
	isUnread: (arrival: number) => boolean
): ReadonlySet<number> | null {
	if (thread.length === 0) return null;
	return new Set(thread.filter((arrival) => arrival === asked || isUnread(arrival)));
}

/** Gathers the messages of a thread, oldest first, into runs of open and of folded ones. */
export function foldedRuns(thread: readonly number[], isOpen: (arrival: number) => boolean): ThreadRun[] {
	const runs: { kind: ThreadRun['kind']; arrivals: number[] }[] = [];
	for (const arrival of thread) {
		const kind = isOpen(arrival) ? 'open' : 'folded';
		const last = runs.at(-1);
		if (last?.kind === kind) last.arrivals.push(arrival);
		else runs.push({ kind, arrivals: [arrival] });
	}
	return runs;
}
