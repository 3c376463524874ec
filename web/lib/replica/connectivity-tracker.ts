import { pendingLines, type PendingLine } from './changes/pending-lines.ts';
import type { LinkState } from './connection/link.ts';
import type { Connectivity, ConnectivityState, RefusedChange, ServerLink } from './connectivity.ts';
import { Listeners } from './notices.ts';
import type { OutboxMemory } from './outbox/outbox-memory.ts';
import type { ReplicaCore } from './replica-core.ts';
import { ServerAnswers } from './server-answers.ts';
import { readMeta } from './storage/meta.ts';

/** How the tab that holds the connection sees it. */
export interface ConnectionView {
	readonly link: LinkState;
	/** Entries of the log still to come. */
	readonly remaining: number;
	readonly isLevel: boolean;
}

/** What a tab of an earlier version, which tells the state alone, knows of the connection. */
function serverIn(state: ConnectivityState): ServerLink {
	const lastSync = 'lastSync' in state ? state.lastSync : null;
	const { kind } = state;
	if (kind === 'offline' || kind === 'signed-out' || kind === 'outdated') return { kind, lastSync };
	return { kind: 'online', lastSync };
}

/** What was changed here and is not confirmed, but for the drafts of letters that are on their way. */
export function pendingLinesOf({ memory }: ReplicaCore, outbox: OutboxMemory): PendingLine[] {
	return pendingLines(memory.pending.values()).filter(
		(line) => line.kind !== 'draft' || outbox.rowSending(line.document) === undefined
	);
}

/** How many things the server was asked, or is to be asked, to do; a letter and its cancellation are one. */
function unansweredCommands({ rows }: OutboxMemory): number {
	const unanswered = rows.filter(({ state }) => state.kind === 'waiting' || state.kind === 'sent');
	return new Set(unanswered.map(({ id, body }) => ('submission' in body ? body.submission : id))).size;
}

/** Puts together how the replica stands to its server: in the tab that leads by itself, in others by hearsay. */
export class ConnectivityTracker implements Connectivity {
	readonly #core: ReplicaCore;
	readonly #outbox: OutboxMemory;
	readonly #listeners = new Listeners<void>();
	#refusals: readonly RefusedChange[] = [];
	#view: ConnectionView | undefined;
	#heard: { readonly state: ConnectivityState; readonly server: ServerLink } | undefined;
	#isFull = false;
	#isBroken = false;
	#isServerFull = false;
	#told = '';
	readonly #answers: ServerAnswers;
	/** Whether somebody waits for the server's answer, in any tab. */
	#isAsked = false;
	#lastServer: ServerLink['kind'] = 'offline';
	/** No attempt to connect has come to an end yet. */
	#isBeginning = true;

	constructor(core: ReplicaCore, outbox: OutboxMemory) {
		this.#core = core;
		this.#outbox = outbox;
		this.#answers = new ServerAnswers(core.clock);
		core.fullness.add((isFull) => {
			this.#isFull = isFull;
			this.#changed();
		});
		core.serverFullness.add((isFull) => {
			// Told with every answer; it is news once.
			if (isFull === this.#isServerFull) return;
			this.#isServerFull = isFull;
			this.#changed();
		});
		core.faults.add(() => {
			this.#isBroken = true;
			this.#changed();
		});
		core.notices.add(({ kind }) => {
			if (kind === 'refusals') void core.inBackground(() => this.loadRefusals());
			else if (kind === 'pending' || kind === 'backfill') this.#changed();
		});
		outbox.changes.add(() => this.#changed());
	}

	subscribe(listener: () => void): () => void {
		return this.#listeners.add(listener);
	}

	state(): ConnectivityState {
		if (this.#isBroken) return { kind: 'storage-broken' };
		if (this.#isFull) return { kind: 'storage-full' };
		if (this.#view === undefined) return this.#heard?.state ?? this.#offline();
		return this.#stateOf(this.#view);
	}

	server(): ServerLink {
		const { lastSync } = this.#core.memory;
		if (this.#view === undefined && this.#heard !== undefined) return this.#heard.server;
		const link = this.#view?.link;
		if (link === 'signed-out' || link === 'outdated') return { kind: link, lastSync };
		if (link === 'open') return { kind: 'online', lastSync };
		return { kind: 'offline', lastSync, ...(this.#isBeginning ? { isBeginning: true } : {}) };
	}

	pending(): readonly PendingLine[] {
		return pendingLinesOf(this.#core, this.#outbox);
	}

	refusals(): readonly RefusedChange[] {
		return this.#refusals;
	}

	async dismiss(key: number): Promise<void> {
		await this.#core.storage.write(['meta'], 'relaxed', async (transaction) => {
			const refusals = (await readMeta(transaction, 'refusals')) ?? [];
			transaction.put(
				'meta',
				'refusals',
				refusals.filter((refusal) => refusal.key !== key)
			);
		});
		this.#core.tellTabs({ kind: 'refusals' });
		await this.loadRefusals();
	}

	retry(): Promise<boolean> {
		const answer = this.#answers.wait();
		this.#core.tellTabs({ kind: 'retry' });
		this.retryNow();
		return answer;
	}

	/** Asks the server, where this tab leads; for whichever tab wants to know. */
	retryNow(): void {
		this.#isAsked = true;
		this.onRetry();
	}

	/** The server answered, and all it had told is here. */
	noteAnswered(): void {
		if (!this.#isAsked) return;
		this.#isAsked = false;
		this.#core.tellTabs({ kind: 'answered' });
		this.hearAnswered();
	}

	/** The tab that leads told of the answer. */
	hearAnswered(): void {
		this.#answers.came(true);
	}

	/** The replica is closed: who waits is told nothing. */
	stop(): void {
		this.#answers.stop();
	}

	leads(): boolean {
		return this.#view !== undefined;
	}

	/** How the tab that leads asks. */
	onRetry: () => void = () => undefined;

	/** The connection as this tab sees it; undefined where another tab holds it. */
	noteView(view: ConnectionView | undefined): void {
		this.#view = view;
		if (view !== undefined && view.link !== 'stopped' && view.link !== 'connecting')
			this.#isBeginning = false;
		this.#changed();
	}

	/** What the tab that leads told. */
	noteHeard(state: ConnectivityState, server: ServerLink = serverIn(state)): void {
		this.#heard = { state, server };
		this.#isBeginning &&= server.isBeginning === true;
		this.#changed();
	}

	/** Tells the other tabs again, though nothing changed. */
	tellAgain(): void {
		if (this.#view !== undefined)
			this.#core.tellTabs({
				kind: 'connectivity',
				state: this.#stateOf(this.#view),
				server: this.server()
			});
	}

	async loadRefusals(): Promise<void> {
		this.#refusals =
			(await this.#core.storage.read(['meta'], (transaction) => readMeta(transaction, 'refusals'))) ?? [];
		this.#changed();
	}

	#changed(): void {
		const told = JSON.stringify([this.state(), this.server()]);
		if (told === this.#told) return;
		this.#told = told;
		this.#noteServer();
		this.tellAgain();
		this.#listeners.tell();
	}

	/** Whoever waits for an answer waits in vain once the connection is given up, or good for nothing. */
	#noteServer(): void {
		const { kind } = this.server();
		const before = this.#lastServer;
		this.#lastServer = kind;
		if (kind === before || kind === 'online') return;
		if (kind !== 'offline' || before === 'online') this.#answers.came(false);
	}

	#offline(): ConnectivityState {
		return { kind: 'offline', pending: this.#pending(), lastSync: this.#core.memory.lastSync };
	}

	/** Changes and commands that the server has not confirmed. */
	#pending(): number {
		return this.pending().length + unansweredCommands(this.#outbox);
	}

	#stateOf({ link, remaining, isLevel }: ConnectionView): ConnectivityState {
		const pending = this.#pending();
		if (link === 'signed-out') return { kind: 'signed-out', pending };
		if (link === 'outdated') return { kind: 'outdated', pending };
		if (this.#isServerFull && link === 'open' && pending > 0) return { kind: 'server-full', pending };
		const refused = this.#outbox.rows.filter(({ state }) => state.kind === 'refused').length;
		const attention = this.#refusals.length + refused;
		if (attention > 0) return { kind: 'attention', count: attention };
		if (link !== 'open') return this.#offline();
		const missing = this.#core.memory.backfill?.missing ?? [];
		const left = remaining + pending + missing.reduce((sum, number, index) => sum + (index % 2) * number, 0);
		// What goes with its letter is not counted, and not confirmed for that.
		const isConfirmed = pending === 0 && this.#core.memory.pending.size === 0;
		if (left > 0 || !isLevel || !isConfirmed) return { kind: 'syncing', remaining: left };
		return { kind: 'synced', lastSync: this.#core.memory.lastSync ?? this.#core.clock.now() };
	}
}
