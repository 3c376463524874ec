import { createSubscriber } from 'svelte/reactivity';
import type { PendingLine } from '#lib/replica/changes/pending-lines.ts';
import type {
	Connectivity,
	ConnectivityState,
	RefusedChange,
	ServerLink
} from '#lib/replica/connectivity.ts';
import type { Outbox, OutboxItem } from '#lib/replica/outbox.ts';

/** How the replica stands to its server, as components read it: reactive. */
export class SyncState {
	readonly connectivity: Connectivity;
	readonly outbox: Outbox;
	readonly #followLink: () => void;
	readonly #followOutbox: () => void;

	constructor(connectivity: Connectivity, outbox: Outbox) {
		this.connectivity = connectivity;
		this.outbox = outbox;
		this.#followLink = createSubscriber((update) => connectivity.subscribe(update));
		this.#followOutbox = createSubscriber((update) => outbox.subscribe(update));
	}

	get link(): ConnectivityState {
		this.#followLink();
		return this.connectivity.state();
	}

	/** Whether the server is there, whatever is more pressing. */
	get server(): ServerLink {
		this.#followLink();
		return this.connectivity.server();
	}

	/** What this device did and the server has not confirmed, letters apart. */
	get pending(): readonly PendingLine[] {
		this.#followLink();
		return this.connectivity.pending();
	}

	get refusals(): readonly RefusedChange[] {
		this.#followLink();
		return this.connectivity.refusals();
	}

	/** Letters and commands on their way, or lately arrived; newest first. */
	get items(): readonly OutboxItem[] {
		this.#followOutbox();
		return this.outbox.items();
	}
}
