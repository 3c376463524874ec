import { existsSync } from 'node:fs';
import path from 'node:path';
import type { FileKind } from './file-kind.ts';
import { collectGarbage } from './garbage.ts';
import { openFile, type FileLimits, type OpenFile } from './open-file.ts';
import { failureOf, StoreError } from './store-error.ts';
import { runCalls, type Call, type Outcomes, type Surroundings } from './transaction.ts';

/** An operation asked of a file, by names; what crosses the thread. */
export interface Request {
	readonly id: number;
	readonly kind: string;
	/** Path relative to the data folder. */
	readonly path: string;
	readonly operation: string;
	readonly input: unknown;
}

/** Bounds of the files one thread holds. */
export interface FileSetOptions {
	readonly directory: string;
	/** How many files stay open at most; each costs three file descriptors and 1.5 to 2.2 MB. */
	readonly openFiles?: number;
	/** By name of kind. */
	readonly limits?: Readonly<Record<string, FileLimits>>;
}

/** The open files of one thread, the least recently used closed first. */
export interface FileSet {
	/** Runs what waits for one file; all requests name the same file. */
	run(requests: readonly Request[]): Outcomes;
	/** Whether a file was closed in this turn of the event loop; it can't be opened again before the next one. */
	isLeaving(path: string): boolean;
	/** Closes every file. */
	close(): void;
	readonly size: number;
}

const filePattern = /^(?:[A-Za-z0-9_-]+\/)*[A-Za-z0-9_-]+\.db$/;
const defaultOpenFiles = 64;
/** Closing a file for good costs a collection of garbage, so this share of the open ones goes together. */
const closedTogether = 1 / 4;

function failedAll(requests: readonly Request[], error: unknown): Outcomes {
	const failure = failureOf(error);
	return {
		outcomes: requests.map(() => ({ kind: 'failed', failure })),
		events: [],
		commits: 0,
		broken: false
	};
}

function joined(left: Outcomes, right: Outcomes): Outcomes {
	return { ...right, outcomes: [...left.outcomes, ...right.outcomes] };
}

function kindOf(kinds: ReadonlyMap<string, FileKind>, request: Request): FileKind {
	const kind = kinds.get(request.kind);
	if (kind === undefined) throw new StoreError('broken', `no kind of file is called ${request.kind}`);
	return kind;
}

function callOf(kind: FileKind, { operation: name, input }: Request): Call {
	const operation = kind.operations[name];
	if (operation === undefined) throw new StoreError('broken', `${kind.name} has no operation ${name}`);
	return { operation, input };
}

class OpenFiles implements FileSet {
	readonly #kinds: ReadonlyMap<string, FileKind>;
	readonly #options: FileSetOptions;
	readonly #surroundings: Surroundings;
	/** By path, the one used longest ago first. */
	readonly #open = new Map<string, OpenFile>();
	/** Paths closed in this turn. Their handles are open until it ends, and a second one is forbidden. */
	readonly #leaving = new Set<string>();

	constructor(kinds: readonly FileKind[], options: FileSetOptions, surroundings: Surroundings) {
		this.#kinds = new Map(kinds.map((kind) => [kind.name, kind]));
		this.#options = options;
		this.#surroundings = surroundings;
	}

	get size(): number {
		return this.#open.size;
	}

	isLeaving(path: string): boolean {
		return this.#leaving.has(path);
	}

	run(requests: readonly Request[]): Outcomes {
		const outcomes = this.#run(requests);
		// Here, where nothing refers to the file any more.
		if (outcomes.broken && requests[0] !== undefined) this.#letGo([requests[0].path]);
		return outcomes;
	}

	#run(requests: readonly Request[]): Outcomes {
		const [first, ...rest] = requests;
		if (first === undefined) return failedAll([], null);
		try {
			const file = this.#opened(first);
			const calls = requests.map((request) => callOf(kindOf(this.#kinds, request), request));
			const outcomes = runCalls(file, calls, this.#surroundings);
			if (outcomes.broken) this.#close(first.path, file);
			return outcomes;
		} catch (error) {
			// A file that is not there yet may be made by a call that waits behind the first one.
			const isMissing = error instanceof StoreError && error.kind === 'missing' && rest.length > 0;
			return isMissing ? joined(failedAll([first], error), this.#run(rest)) : failedAll(requests, error);
		}
	}

	close(): void {
		for (const [name, file] of this.#open) this.#close(name, file);
	}

	#close(name: string, file: OpenFile): void {
		this.#open.delete(name);
		file.close();
	}

	/** Closes those used longest ago; answers which. */
	#closeOldest(): string[] {
		const many = Math.max(1, Math.floor(this.#mostOpen * closedTogether));
		const oldest = [...this.#open].slice(0, many);
		for (const [name, file] of oldest) this.#close(name, file);
		return oldest.map(([name]) => name);
	}

	/**
	 * Makes sure that handles of closed files go. A connection of libSQL stays open as long as there is a statement
	 * of it, and a statement ends only as garbage.
	 */
	#letGo(paths: readonly string[]): void {
		if (this.#leaving.size === 0) setImmediate(() => this.#leaving.clear());
		for (const name of paths) this.#leaving.add(name);
		collectGarbage();
	}

	get #mostOpen(): number {
		return this.#options.openFiles ?? defaultOpenFiles;
	}

	#opened(request: Request): OpenFile {
		const kind = kindOf(this.#kinds, request);
		const known = this.#open.get(request.path);
		if (known === undefined) return this.#openAnew(kind, request);
		if (known.kind !== kind) throw new StoreError('broken', `${request.path} is of another kind`);
		this.#open.delete(request.path);
		this.#open.set(request.path, known);
		return known;
	}

	#openAnew(kind: FileKind, request: Request): OpenFile {
		if (!filePattern.test(request.path)) throw new StoreError('refused', 'not a path of a file of the store');
		if (this.#leaving.has(request.path)) throw new StoreError('broken', 'the file is being closed');
		const { directory, limits } = this.#options;
		const file = path.join(directory, request.path);
		const mayCreate = kind.createdBy === undefined || kind.createdBy === request.operation;
		if (!mayCreate && !existsSync(file)) throw new StoreError('missing', request.path);
		if (this.#open.size >= this.#mostOpen) this.#letGo(this.#closeOldest());
		try {
			const fresh = openFile(kind, file, limits?.[kind.name] ?? {}, this.#surroundings.clock());
			this.#open.set(request.path, fresh);
			return fresh;
		} catch (error) {
			this.#letGo([request.path]);
			throw error;
		}
	}
}

/** Files by path, opened when they are asked for. */
export function fileSet(
	kinds: readonly FileKind[],
	options: FileSetOptions,
	surroundings: Surroundings
): FileSet {
	return new OpenFiles(kinds, options, surroundings);
}
