import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { StoreEvent } from './event.ts';
import type { FileSetOptions, Request } from './file-set.ts';
import { StoreError } from './store-error.ts';
import type { Outcome } from './transaction.ts';
import type { FromWriter, ToWriter } from './writer-thread.ts';

/** The main thread's side of one writer thread. */
export interface Writer {
	call(request: Omit<Request, 'id'>): Promise<unknown>;
	/** Lets the thread finish what it was asked, then ends it. */
	close(): Promise<void>;
	readonly figures: {
		readonly operations: number;
		readonly commits: number;
		readonly waiting: number;
		readonly openFiles: number;
	};
}

/** Whom a writer thread's news go to. */
export interface Hearing {
	readonly tell: (events: readonly StoreEvent[]) => void;
	readonly failed: (error: Error) => void;
}

interface Waiting {
	readonly resolve: (answer: unknown) => void;
	readonly reject: (error: StoreError) => void;
}

function settle(outcome: Outcome, { resolve, reject }: Waiting): void {
	if (outcome.kind === 'answered') resolve(outcome.answer);
	else reject(new StoreError(outcome.failure.kind, outcome.failure.detail));
}

class ThreadWriter implements Writer {
	readonly #worker: Worker;
	readonly #hearing: Hearing;
	readonly #waiting = new Map<number, Waiting>();
	#queued: Request[] = [];
	#lastId = 0;
	#commits = 0;
	#openFiles = 0;
	#end: StoreError | undefined;

	constructor(worker: Worker, hearing: Hearing) {
		this.#worker = worker;
		this.#hearing = hearing;
		worker.on('message', (message: FromWriter | Readonly<Record<string, unknown>>) => {
			// In its watch mode Node has threads tell what they import, by messages too.
			if (isFromWriter(message)) this.#receive(message);
		});
		worker.on('error', (error) => this.#fail(error instanceof Error ? error : new Error(String(error))));
		worker.on('exit', () => this.#fail(new Error('the writer thread ended')));
	}

	get figures() {
		return {
			operations: this.#lastId,
			commits: this.#commits,
			waiting: this.#waiting.size,
			openFiles: this.#openFiles
		};
	}

	call(request: Omit<Request, 'id'>): Promise<unknown> {
		return new Promise((resolve, reject) => {
			if (this.#end !== undefined) {
				reject(this.#end);
				return;
			}
			this.#lastId += 1;
			this.#waiting.set(this.#lastId, { resolve, reject });
			// After all that this turn of the event loop brings, so that it goes together: a message costs more than a call.
			if (this.#queued.length === 0) setImmediate(() => this.#send());
			this.#queued.push({ ...request, id: this.#lastId });
		});
	}

	async close(): Promise<void> {
		if (this.#end !== undefined) return;
		this.#send();
		this.#end = new StoreError('refused', 'the store is closed');
		const exit = once(this.#worker, 'exit');
		this.#worker.postMessage({ kind: 'close' } satisfies ToWriter);
		await exit;
	}

	#send(): void {
		const requests = this.#queued;
		if (requests.length === 0) return;
		this.#queued = [];
		this.#worker.postMessage({ kind: 'calls', requests } satisfies ToWriter);
	}

	#receive({ answers, events, commits, openFiles }: FromWriter): void {
		this.#commits += commits;
		this.#openFiles = openFiles;
		for (const { id, outcome } of answers) {
			const waiting = this.#waiting.get(id);
			this.#waiting.delete(id);
			if (waiting !== undefined) settle(outcome, waiting);
		}
		// Awaiting code runs after this turn, so listeners hear of a commit before its caller goes on.
		this.#hearing.tell(events);
	}

	#fail(error: Error): void {
		const isExpected = this.#end !== undefined && this.#waiting.size === 0;
		this.#end ??= new StoreError('broken', error.message);
		const broken = new StoreError('broken', error.message);
		for (const { reject } of this.#waiting.values()) reject(broken);
		this.#waiting.clear();
		if (!isExpected) this.#hearing.failed(error);
	}
}

function isFromWriter(message: FromWriter | Readonly<Record<string, unknown>>): message is FromWriter {
	return 'answers' in message;
}

/** Megabytes for the short-lived objects of a thread; with the 48 of the default much of it lies there dead. */
const youngGeneration = 6;

/** Starts a writer thread from the module that calls `runWriter`. */
export function startWriter(module: URL, options: FileSetOptions, hearing: Hearing): Writer {
	const resourceLimits = { maxYoungGenerationSizeMb: youngGeneration };
	return new ThreadWriter(new Worker(module, { workerData: options, resourceLimits }), hearing);
}
