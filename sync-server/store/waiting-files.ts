import type { Request } from './file-set.ts';

/** How many operations share one transaction at most, so that none waits long for its commit. */
const mostTogether = 256;

/**
 * Requests of one writer thread by file, the file that waits longest first; between any two of the others a
 * file of an urgent kind, if one waits.
 */
export class WaitingFiles {
	readonly #byPath = new Map<string, Request[]>();
	readonly #urgentKinds: ReadonlySet<string>;
	#wasUrgent = false;

	constructor(urgentKinds: ReadonlySet<string>) {
		this.#urgentKinds = urgentKinds;
	}

	add(requests: readonly Request[]): void {
		for (const request of requests) {
			const waiting = this.#byPath.get(request.path);
			if (waiting === undefined) this.#byPath.set(request.path, [request]);
			else waiting.push(request);
		}
	}

	/** Takes what runs together next; empty where nothing waits. */
	take(): readonly Request[] {
		const urgent = this.#wasUrgent ? undefined : this.#urgent();
		const [longest] = this.#byPath;
		const next = urgent ?? longest;
		this.#wasUrgent = urgent !== undefined;
		if (next === undefined) return [];
		const [file, waiting] = next;
		this.#byPath.delete(file);
		const rest = waiting.splice(mostTogether);
		if (rest.length > 0) this.#byPath.set(file, rest);
		return waiting;
	}

	#urgent(): [string, Request[]] | undefined {
		if (this.#urgentKinds.size === 0) return undefined;
		for (const entry of this.#byPath) if (this.#urgentKinds.has(entry[1][0]?.kind ?? '')) return entry;
		return undefined;
	}
}
