import { encodeAny } from '#schema/protocol/frames.ts';
import type { Environment } from '../../platform/environment.ts';
import type { Locks } from '../../platform/locks.ts';
import { countedBytes } from './bench.ts';
import { ManualClock } from './manual-clock.ts';
import { TrialSockets } from './trial-socket.ts';

/** What the machine's server answers to a request; `offline`: nothing. */
export type Answer =
	{ readonly status: number; readonly body?: unknown; readonly headers?: Record<string, string> } | 'offline';

/** Locks among the tabs of one machine. */
class TrialLocks implements Locks {
	readonly #held = new Map<string, AbortSignal>();
	#waiting: { readonly name: string; readonly signal: AbortSignal; readonly held: () => void }[] = [];

	hold(name: string, signal: AbortSignal, held: () => void): void {
		this.#waiting.push({ name, signal, held });
		signal.addEventListener('abort', () => {
			if (this.#held.get(name) === signal) this.#held.delete(name);
			this.#next(name);
		});
		this.#next(name);
	}

	isHeld(name: string): Promise<boolean> {
		return Promise.resolve(this.#held.has(name));
	}

	#next(name: string): void {
		if (this.#held.has(name)) return;
		const next = this.#waiting.find((waiting) => waiting.name === name && !waiting.signal.aborted);
		this.#waiting = this.#waiting.filter((waiting) => waiting !== next);
		if (next === undefined) return;
		this.#held.set(name, next.signal);
		next.held();
	}
}

/** A machine in memory: its tabs share locks, channels and what it keeps; its network is in the test's hands. */
export class Machine {
	readonly clock = new ManualClock();
	readonly sockets = new TrialSockets();
	readonly kept = new Map<string, string>();
	/** What was asked over HTTP, as `METHOD /path?query`. */
	readonly requests: string[] = [];
	readonly uploads: { readonly url: string; readonly bytes: number }[] = [];
	clearedCaches = 0;
	restarts = 0;
	/** Answers a request; a test replaces it. */
	answer: (request: string, init: RequestInit | undefined) => Answer | Promise<Answer> = () => 'offline';
	/** How uploads end. */
	uploadStatus: number | null = 201;
	uploadCode: string | null = null;
	/** How far an upload is told to be on its way, of 1; and what its end waits for. */
	uploadSteps: readonly number[] = [1];
	uploadEnd: Promise<unknown> = Promise.resolve();
	readonly #channels = new Map<string, Set<(message: unknown) => void>>();
	readonly #locks: Locks | null;
	readonly #networkListeners = new Set<(mayBeBack: boolean) => void>();
	readonly #hiddenListeners = new Set<() => void>();
	readonly #random = countedBytes();

	constructor({ hasLocks = true }: { readonly hasLocks?: boolean } = {}) {
		this.#locks = hasLocks ? new TrialLocks() : null;
	}

	/** The network is back. */
	networkBack(): void {
		for (const changed of [...this.#networkListeners]) changed(true);
	}

	/** The machine says that the network went. */
	networkGone(): void {
		for (const changed of [...this.#networkListeners]) changed(false);
	}

	/** The tabs are put away. */
	hide(): void {
		for (const hidden of [...this.#hiddenListeners]) hidden();
	}

	/** What one tab is given of the machine. */
	environment(): Environment {
		return {
			clock: this.clock,
			random: this.#random,
			fetch: (url, init) => this.#fetch(url, init),
			upload: async (url, bytes, progress) => {
				this.uploads.push({ url, bytes: bytes.byteLength });
				for (const step of this.uploadSteps) progress(Math.round(step * bytes.byteLength));
				await this.uploadEnd;
				return { status: this.uploadStatus, code: this.uploadCode };
			},
			openSocket: this.sockets.open,
			locks: this.#locks,
			openChannel: (name, heard) => this.#join(name, heard),
			kept: {
				getItem: (key) => this.kept.get(key) ?? null,
				setItem: (key, value) => void this.kept.set(key, value),
				removeItem: (key) => void this.kept.delete(key)
			},
			onNetwork: (changed) => {
				this.#networkListeners.add(changed);
				return () => this.#networkListeners.delete(changed);
			},
			onHidden: (hidden) => {
				this.#hiddenListeners.add(hidden);
				return () => this.#hiddenListeners.delete(hidden);
			},
			restart: () => {
				this.restarts += 1;
			},
			persist: () => Promise.resolve(),
			clearCaches: () => {
				this.clearedCaches += 1;
				return Promise.resolve();
			}
		};
	}

	async #fetch(url: string, init: RequestInit | undefined): Promise<Response> {
		const request = `${init?.method ?? 'GET'} ${url}`;
		this.requests.push(request);
		const answer = await this.answer(request, init);
		if (answer === 'offline') throw new TypeError('no network');
		const { status, body, headers = {} } = answer;
		const isJson = headers['content-type'] === 'application/json';
		const bytes = body === undefined ? null : isJson ? JSON.stringify(body) : new Uint8Array(encodeAny(body));
		return new Response(status === 204 ? null : bytes, { status, headers });
	}

	#join(name: string, heard: (message: unknown) => void) {
		const tabs = this.#channels.get(name) ?? new Set<(message: unknown) => void>();
		this.#channels.set(name, tabs);
		tabs.add(heard);
		return {
			post: (message: unknown) => {
				const copy: unknown = structuredClone(message);
				for (const other of [...tabs])
					if (other !== heard) queueMicrotask(() => tabs.has(other) && other(copy));
			},
			close: () => void tabs.delete(heard)
		};
	}
}
