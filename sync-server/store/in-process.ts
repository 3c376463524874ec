import type { RandomBytes } from '#schema/ids.ts';
import { takeDataFolder } from './data-folder.ts';
import type { FileKind } from './file-kind.ts';
import { fileSet, type FileSetOptions, type Request } from './file-set.ts';
import { Listeners } from './listeners.ts';
import type { Store } from './store.ts';
import { StoreError } from './store-error.ts';

/** What an in-process store is given in place of the system's clock and chance. */
export interface InProcessOptions extends Omit<FileSetOptions, 'directory'> {
	readonly clock: () => number;
	readonly random: RandomBytes;
}

/**
 * The same store without threads, for tests: each call is a transaction of its own, run at once in this
 * thread. Inputs and answers are copied as they would be between threads.
 *
 * @throws StoreError `refused` where the data folder is in use
 */
export function openStoreInProcess(
	kinds: readonly FileKind[],
	directory: string,
	{ clock, random, ...options }: InProcessOptions
): Store {
	const folder = takeDataFolder(directory);
	const files = fileSet(kinds, { directory, ...options }, { clock, random });
	const listeners = new Listeners();
	let operations = 0;
	let totalCommits = 0;
	let isClosed = false;

	const ask = (request: Omit<Request, 'id'>): unknown => {
		if (isClosed) throw new StoreError('refused', 'the store is closed');
		operations += 1;
		const input: unknown = structuredClone(request.input);
		const { outcomes, events, commits } = files.run([{ ...request, id: operations, input }]);
		totalCommits += commits;
		listeners.tell(structuredClone(events));
		const [outcome] = outcomes;
		if (outcome === undefined) throw new StoreError('broken', 'no outcome');
		if (outcome.kind === 'failed') throw new StoreError(outcome.failure.kind, outcome.failure.detail);
		return structuredClone(outcome.answer);
	};
	return {
		file: (kind, path) => ({
			call: async (operation, ...input) => {
				while (files.isLeaving(path)) await new Promise(setImmediate);
				return ask({ kind, path, operation, input: input[0] }) as never;
			}
		}),
		subscribe: listeners.add,
		get figures() {
			return { operations, commits: totalCommits, waiting: 0, openFiles: files.size };
		},
		close: async () => {
			if (isClosed) return;
			isClosed = true;
			files.close();
			folder.release();
		}
	};
}
