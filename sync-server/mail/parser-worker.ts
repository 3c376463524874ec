/** The parser in a thread of its own: takes batches of messages from `parser-pool.ts`, answers each by itself. */
import { readFileSync, statSync } from 'node:fs';
import { parentPort } from 'node:worker_threads';
import { parseMessage, type ParsedMessage } from './parse.ts';

/** Largest file that is read whole. */
const fileLimit = 256 * 1024 * 1024;

/** One message to parse: a range of the batch's bytes, or a file. */
export interface ParseJob {
	readonly id: number;
	readonly source:
		| { readonly kind: 'range'; readonly start: number; readonly end: number }
		| { readonly kind: 'file'; readonly path: string };
}

/** What the pool sends; the buffer is transferred. */
export interface ParseBatch {
	readonly jobs: readonly ParseJob[];
	readonly bytes: ArrayBuffer;
}

/** What the worker answers: once that it is ready, then once for each job, in order, and before it that a file was read. */
export type ParserReply =
	| { readonly kind: 'ready' }
	| { readonly kind: 'read'; readonly id: number }
	| { readonly kind: 'parsed'; readonly id: number; readonly message: ParsedMessage }
	/** The file could not be read; the code is that of the system (`ENOENT`). */
	| { readonly kind: 'unreadable'; readonly id: number; readonly code: string }
	/** The file is more than a parser should hold. */
	| { readonly kind: 'too-large'; readonly id: number };

function codeOf(error: unknown): string {
	return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
}

const reply = (message: ParserReply): void => parentPort?.postMessage(message);

function answer(job: ParseJob, bytes: ArrayBuffer): ParserReply {
	const { id, source } = job;
	if (source.kind === 'range') {
		const range = new Uint8Array(bytes, source.start, source.end - source.start);
		return { kind: 'parsed', id, message: parseMessage(range) };
	}
	let content: Buffer;
	try {
		const file = statSync(source.path);
		if (!file.isFile()) return { kind: 'unreadable', id, code: 'NOT_A_FILE' };
		if (file.size > fileLimit) return { kind: 'too-large', id };
		content = readFileSync(source.path);
	} catch (error) {
		return { kind: 'unreadable', id, code: codeOf(error) };
	}
	reply({ kind: 'read', id });
	return { kind: 'parsed', id, message: parseMessage(content) };
}

parentPort?.on('message', ({ jobs, bytes }: ParseBatch) => {
	for (const job of jobs) reply(answer(job, bytes));
});
reply({ kind: 'ready' });
