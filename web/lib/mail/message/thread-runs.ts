/** A run of messages of a thread that are all open, or all one line. */
export interface ThreadRun {
	readonly kind: 'open' | 'folded';
	readonly arrivals: readonly number[];
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
