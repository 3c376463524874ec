import type { MessageSource } from './parser-pool.ts';
import type { ParseBatch, ParseJob } from './parser-worker.ts';

/** A message that waits to be parsed. */
export interface BatchJob {
	readonly id: number;
	readonly source: MessageSource;
}

/** Most messages, and bytes of messages, that go to a worker at once; a file counts as what is not divided. */
const batchLimits = { messages: 32, bytes: 1024 * 1024 } as const;

/** Bytes of messages that are not worth waking a second worker for. */
const undivided = 256 * 1024;

/** Takes jobs from the queue for one batch, bounded in bytes: those that are small together, or a fair share. */
export function takeBatch<Job extends BatchJob>(queue: Job[], share: number): Job[] {
	const taken: Job[] = [];
	let bytes = 0;
	for (const job of queue) {
		const size = job.source instanceof Uint8Array ? job.source.byteLength : undivided;
		const isShared = taken.length >= share && bytes + size > undivided;
		if (isShared || taken.length >= batchLimits.messages) break;
		if (taken.length > 0 && bytes + size > batchLimits.bytes) break;
		bytes += size;
		taken.push(job);
	}
	queue.splice(0, taken.length);
	return taken;
}

/** A batch as a worker takes it; the bytes of its messages are copied. */
export function batchOf(jobs: readonly BatchJob[]): ParseBatch {
	const total = jobs.reduce(
		(sum, { source }) => sum + (source instanceof Uint8Array ? source.byteLength : 0),
		0
	);
	const bytes = new Uint8Array(total);
	let start = 0;
	const parseJobs = jobs.map(({ id, source }): ParseJob => {
		if (!(source instanceof Uint8Array)) return { id, source: { kind: 'file', path: source.path } };
		bytes.set(source, start);
		const range = { kind: 'range', start, end: start + source.byteLength } as const;
		start = range.end;
		return { id, source: range };
	});
	return { jobs: parseJobs, bytes: bytes.buffer };
}
