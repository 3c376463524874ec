import { takeDataFolder } from './data-folder.ts';
import type { StoreEvent } from './event.ts';
import type { AnswerOf, FileKind, InputOf } from './file-kind.ts';
import type { FileSetOptions } from './file-set.ts';
import { StoreError } from './store-error.ts';
import { Listeners } from './listeners.ts';
import { startWriter, type Writer } from './writer.ts';

/** One file, asked from any thread but its own. */
export interface StoreFile<Kind extends FileKind> {
	/**
	 * Asks an operation. A write's answer comes after its commit is on the disk.
	 *
	 * @throws StoreError in the promise; nothing of the operation was written then
	 */
	call<Name extends keyof Kind['operations'] & string>(
		operation: Name,
		...input: undefined extends InputOf<Kind['operations'][Name]> ? [] : [InputOf<Kind['operations'][Name]>]
	): Promise<AnswerOf<Kind['operations'][Name]>>;
}

/** Everything durable: files of libSQL, each owned by one writer thread. */
export interface Store {
	/** A file by its path relative to the data folder, such as `spaces/<id>.db`. Opened when it is asked. */
	file<Kind extends FileKind>(kind: Kind['name'], path: string): StoreFile<Kind>;
	/** Tells of what was committed, before the answer of the call that did it; returns how to stop. */
	subscribe(listener: (event: StoreEvent) => void): () => void;
	/** Figures since the start. */
	readonly figures: StoreFigures;
	/** Lets everything that was asked finish, closes all files and gives the data folder free. */
	close(): Promise<void>;
}

/** What a store did and does, for observation. */
export interface StoreFigures {
	readonly operations: number;
	readonly commits: number;
	readonly waiting: number;
	readonly openFiles: number;
}

export interface StoreOptions extends FileSetOptions {
	/** The module that calls `runWriter` with every kind of file. */
	readonly writer: URL;
	/** How many writer threads; a file stays with one of them. */
	readonly threads?: number;
	/** A writer thread died, which is a fault in the program: what waits has failed, the process should end. */
	readonly onFailure?: (error: Error) => void;
}

/** The thread that owns a file: the same for the same path, whatever was opened before (FNV-1a). */
function ownerOf(path: string, threads: number): number {
	let hash = 0x811c9dc5;
	for (let index = 0; index < path.length; index += 1) {
		hash = Math.imul(hash ^ path.charCodeAt(index), 0x01000193) >>> 0;
	}
	return hash % threads;
}

/**
 * Takes the data folder and starts the writer threads.
 *
 * @throws StoreError `refused` where another process holds the folder
 */
export function openStore(options: StoreOptions): Store {
	const folder = takeDataFolder(options.directory);
	const listeners = new Listeners();
	const settings: FileSetOptions = {
		directory: options.directory,
		...(options.openFiles === undefined ? {} : { openFiles: options.openFiles }),
		...(options.limits === undefined ? {} : { limits: options.limits })
	};
	const hearing = { tell: listeners.tell, failed: options.onFailure ?? (() => undefined) };
	const writers: readonly Writer[] = Array.from({ length: options.threads ?? 1 }, () =>
		startWriter(options.writer, settings, hearing)
	);
	const sum = (figure: (writer: Writer) => number) =>
		writers.reduce((total, writer) => total + figure(writer), 0);
	let closed: Promise<void> | undefined;
	const close = async () => {
		await Promise.all(writers.map((writer) => writer.close()));
		folder.release();
	};
	return {
		file: (kind, path) => {
			const writer = writers[ownerOf(path, writers.length)];
			if (writer === undefined) throw new StoreError('broken', 'the store has no writer thread');
			return {
				call: (operation, ...input) => writer.call({ kind, path, operation, input: input[0] }) as never
			};
		},
		subscribe: listeners.add,
		get figures() {
			return {
				operations: sum(({ figures }) => figures.operations),
				commits: sum(({ figures }) => figures.commits),
				waiting: sum(({ figures }) => figures.waiting),
				openFiles: sum(({ figures }) => figures.openFiles)
			};
		},
		close: () => (closed ??= close())
	};
}
