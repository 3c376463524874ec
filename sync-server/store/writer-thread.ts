import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { StoreEvent } from './event.ts';
import type { FileKind } from './file-kind.ts';
import { fileSet, type FileSetOptions, type Request } from './file-set.ts';
import type { Outcome } from './transaction.ts';
import { WaitingFiles } from './waiting-files.ts';

/** What the main thread sends a writer thread. */
export type ToWriter =
	{ readonly kind: 'calls'; readonly requests: readonly Request[] } | { readonly kind: 'close' };

/** What a writer thread sends back after each commit. */
export interface FromWriter {
	readonly answers: readonly { readonly id: number; readonly outcome: Outcome }[];
	readonly events: readonly StoreEvent[];
	readonly commits: number;
	readonly openFiles: number;
}

function serve(port: MessagePort, kinds: readonly FileKind[], options: FileSetOptions): void {
	const files = fileSet(kinds, options, {
		clock: Date.now,
		random: (length) => crypto.getRandomValues(new Uint8Array(length))
	});
	const waiting = new WaitingFiles(
		new Set(kinds.filter(({ urgent }) => urgent === true).map(({ name }) => name))
	);
	let isScheduled = false;
	let isClosing = false;

	// One file's transaction at a time; what comes in meanwhile joins the next one of its file.
	const next = () => {
		isScheduled = false;
		const requests = waiting.take();
		if (requests.length === 0) {
			if (isClosing) {
				files.close();
				port.close();
			}
			return;
		}
		const { outcomes, events, commits } = files.run(requests);
		const answers = requests.flatMap(({ id }, index) => {
			const outcome = outcomes[index];
			return outcome === undefined ? [] : [{ id, outcome }];
		});
		port.postMessage({ answers, events, commits, openFiles: files.size } satisfies FromWriter);
		schedule();
	};
	const schedule = () => {
		if (isScheduled) return;
		isScheduled = true;
		setImmediate(next);
	};
	port.on('message', (message: ToWriter) => {
		if (message.kind === 'close') isClosing = true;
		else waiting.add(message.requests);
		schedule();
	});
}

/** Runs this thread as a writer for files of these kinds; the main thread's `openStore` starts it. */
export function runWriter(kinds: readonly FileKind[]): void {
	if (parentPort === null) throw new Error('a writer runs in a worker thread');
	serve(parentPort, kinds, workerData as FileSetOptions);
}
