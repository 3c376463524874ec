/**
 * Parses messages in worker threads. Workers start when there is work, end after a time without any, and are replaced
 * when a message kills or stalls one; that message is answered with what its header tells (`unparsable`), the others
 * of its batch are parsed by the next worker. No message is lost.
 */
import { open, stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { summarizeUnparsed, unparsedHeaderBytes, type ParsedMessage } from './parse.ts';
import { batchOf, takeBatch, type BatchJob } from './parser-batch.ts';
import type { ParserReply } from './parser-worker.ts';

/** A message: its bytes, which stay the caller's, or the path of the file that holds them. */
export type MessageSource = Uint8Array | { readonly path: string };

export interface ParserPool {
	/**
	 * Parses one message. Rejects with `ParserFailure` only where there is no message (its file cannot be read, or not
	 * in time) or no parser (the pool is closed, no thread can be started); never because of what the message holds.
	 */
	parse(source: MessageSource): Promise<ParsedMessage>;
	/** Finishes what was begun, then ends all workers. */
	close(): Promise<void>;
}

/** Why nothing can be said about a message. */
export class ParserFailure extends Error {
	readonly code: 'unreadable-file' | 'no-worker' | 'closed';

	constructor(code: ParserFailure['code'], cause?: unknown) {
		super(`message parser: ${code}`, { cause });
		this.name = 'ParserFailure';
		this.code = code;
	}
}

/** As a clock's `after`: runs the action once after so many milliseconds; returns how to prevent it. */
export type After = (milliseconds: number, action: () => void) => () => void;

export interface ParserPoolOptions {
	/** Most threads at a time. */
	readonly workers: number;
	/** Milliseconds after which a worker without work ends; default one minute. */
	readonly idle?: number;
	/** Milliseconds one message may take, once it is read; default 5 seconds. */
	readonly deadline?: number;
	/** Milliseconds the reading of one message's file may take; default one minute. */
	readonly reading?: number;
	/** Most memory of JavaScript objects a worker may take, in MB (message bytes lie outside); default 512. */
	readonly heap?: number;
	readonly after?: After;
	/** The worker's module. */
	readonly module?: URL;
}

/** Milliseconds a new worker may take until it is ready. */
const startLimit = 30_000;

/** Megabytes for the short-lived objects of a worker; with the 48 of the default much of it lies there dead. */
const youngGeneration = 6;

const systemAfter: After = (milliseconds, action) => {
	const timer = setTimeout(action, milliseconds).unref();
	return () => clearTimeout(timer);
};

interface Job extends BatchJob {
	readonly resolve: (message: ParsedMessage) => void;
	readonly reject: (failure: ParserFailure) => void;
}

/** One thread and the jobs it has, in the order in which it answers. */
interface Thread {
	readonly worker: Worker;
	readonly jobs: Job[];
	ready: boolean;
	/** Whether the first of its jobs has been read from its file. */
	hasRead: boolean;
	ended: boolean;
	/** What the worker died of, when it has. */
	cause: unknown;
	/** Stops the timer that runs: that of reading or parsing while there are jobs, the idle time while there are none. */
	stopTimer: () => void;
}

async function headOf(source: MessageSource): Promise<{ readonly head: Uint8Array; readonly size: number }> {
	if (source instanceof Uint8Array) return { head: source, size: source.byteLength };
	const { size } = await stat(source.path);
	const file = await open(source.path);
	try {
		const head = new Uint8Array(Math.min(size, unparsedHeaderBytes));
		const { bytesRead } = await file.read(head, 0, head.length, 0);
		return { head: head.subarray(0, bytesRead), size };
	} finally {
		await file.close();
	}
}

/** Answers a job that no worker can do with what its header tells. */
function answerUnparsed(job: Job): void {
	headOf(job.source).then(
		({ head, size }) => job.resolve(summarizeUnparsed(head, size)),
		(error: unknown) => job.reject(new ParserFailure('unreadable-file', error))
	);
}

/** Answers a job whose message was not read in time: nothing is wrong with it, so it may be tried again. */
function answerUnread(job: Job): void {
	job.reject(new ParserFailure('unreadable-file', 'ETIMEDOUT'));
}

function isReply(message: ParserReply | Readonly<Record<string, unknown>>): message is ParserReply {
	return 'kind' in message;
}

/** The pool behind `createParserPool`. */
class Pool implements ParserPool {
	readonly #options: Required<ParserPoolOptions>;
	readonly #queue: Job[] = [];
	readonly #threads = new Set<Thread>();
	readonly #endings = new Set<Promise<unknown>>();
	#nextId = 0;
	#dispatching = false;
	#closed: { readonly done: () => void } | null = null;

	constructor(options: Required<ParserPoolOptions>) {
		this.#options = options;
	}

	parse(source: MessageSource): Promise<ParsedMessage> {
		if (this.#closed) return Promise.reject(new ParserFailure('closed'));
		return new Promise((resolve, reject) => {
			this.#queue.push({ id: this.#nextId++, source, resolve, reject });
			this.#dispatchSoon();
		});
	}

	async close(): Promise<void> {
		await new Promise<void>((done) => {
			this.#closed = { done };
			this.#finishClosing();
		});
		for (const thread of this.#threads) this.#end(thread);
		await Promise.all(this.#endings);
	}

	#finishClosing(): void {
		const busy = [...this.#threads].some((thread) => thread.jobs.length > 0);
		if (!busy && this.#queue.length === 0) this.#closed?.done();
	}

	/** After the current turn, so that messages that come together go together. */
	#dispatchSoon(): void {
		if (this.#dispatching) return;
		this.#dispatching = true;
		queueMicrotask(() => {
			this.#dispatching = false;
			this.#dispatch();
		});
	}

	#dispatch(): void {
		while (this.#queue.length > 0) {
			const free = [...this.#threads].find((thread) => thread.jobs.length === 0);
			if (!free && this.#threads.size >= this.#options.workers) return;
			const share = Math.ceil(this.#queue.length / this.#options.workers);
			this.#send(free ?? this.#start(), takeBatch(this.#queue, share));
		}
	}

	#start(): Thread {
		const worker = new Worker(this.#options.module, {
			execArgv: [],
			resourceLimits: {
				maxOldGenerationSizeMb: this.#options.heap,
				maxYoungGenerationSizeMb: youngGeneration
			}
		});
		const thread: Thread = {
			worker,
			jobs: [],
			ready: false,
			hasRead: false,
			ended: false,
			cause: null,
			stopTimer: () => undefined
		};
		this.#threads.add(thread);
		thread.stopTimer = this.#options.after(startLimit, () => this.#lose(thread));
		worker.on('message', (reply: ParserReply | Readonly<Record<string, unknown>>) => {
			// In its watch mode Node has threads tell what they import, by messages too.
			if (isReply(reply)) this.#receive(thread, reply);
		});
		// An error may overtake answers that were posted before it; they have all come when the worker exits.
		worker.on('error', (error) => {
			thread.cause = error;
		});
		worker.on('exit', () => this.#lose(thread));
		return thread;
	}

	#send(thread: Thread, jobs: readonly Job[]): void {
		thread.jobs.push(...jobs);
		const batch = batchOf(jobs);
		thread.worker.ref();
		thread.worker.postMessage(batch, [batch.bytes]);
		if (thread.ready) this.#startTimer(thread);
	}

	#startTimer(thread: Thread): void {
		thread.stopTimer();
		const { after, idle, deadline, reading } = this.#options;
		const [job] = thread.jobs;
		if (!job) thread.stopTimer = after(idle, () => this.#end(thread));
		else if (job.source instanceof Uint8Array || thread.hasRead) {
			thread.stopTimer = after(deadline, () => this.#lose(thread));
		} else thread.stopTimer = after(reading, () => this.#lose(thread, answerUnread));
	}

	#receive(thread: Thread, reply: ParserReply): void {
		if (thread.ended) return;
		if (reply.kind === 'ready') thread.ready = true;
		else if (reply.kind === 'read') thread.hasRead = true;
		else {
			thread.hasRead = false;
			const job = thread.jobs.shift();
			if (job?.id !== reply.id) throw new Error('a parser worker answered out of order');
			if (reply.kind === 'parsed') job.resolve(reply.message);
			else if (reply.kind === 'too-large') answerUnparsed(job);
			else job.reject(new ParserFailure('unreadable-file', reply.code));
		}
		this.#startTimer(thread);
		if (thread.jobs.length > 0) return;
		thread.worker.unref();
		this.#dispatch();
		this.#finishClosing();
	}

	/** A thread that died or stalled: the message it was at is to blame, the others go back to the queue. */
	#lose(thread: Thread, answer = answerUnparsed): void {
		if (thread.ended) return;
		this.#end(thread);
		if (thread.ready) {
			const [blamed, ...others] = thread.jobs.splice(0);
			this.#queue.unshift(...others);
			if (blamed) answer(blamed);
		} else {
			for (const job of thread.jobs.splice(0)) job.reject(new ParserFailure('no-worker', thread.cause));
		}
		this.#dispatch();
		this.#finishClosing();
	}

	#end(thread: Thread): void {
		if (thread.ended) return;
		thread.ended = true;
		thread.stopTimer();
		this.#threads.delete(thread);
		const ending = thread.worker.terminate();
		this.#endings.add(ending);
		void ending.finally(() => this.#endings.delete(ending));
	}
}

/** Makes a pool; it has no threads until there is a message. */
export function createParserPool(options: ParserPoolOptions): ParserPool {
	return new Pool({
		idle: 60_000,
		deadline: 5_000,
		reading: 60_000,
		heap: 512,
		after: systemAfter,
		module: new URL('./parser-worker.ts', import.meta.url),
		...options
	});
}
