import { createSubscriber } from 'svelte/reactivity';
import type { Counter } from '#schema/space/entry.ts';
import type {
	BackfillProgress,
	MailProjection,
	MailView,
	MessageRow,
	MessageState
} from '#lib/projection/mail-projection.ts';

/** The mail projection as components read it: the same answers, reactive, from memory. */
export class MailReads {
	readonly #mail: MailProjection;
	readonly #followLists: () => void;
	readonly #followRows: () => void;

	constructor(mail: MailProjection) {
		this.#mail = mail;
		const follow = (wanted: (kind: string) => boolean) =>
			createSubscriber((update) =>
				mail.subscribe((notice) => {
					if (wanted(notice.kind)) update();
				})
			);
		this.#followLists = follow((kind) => kind === 'order' || kind === 'backfill');
		this.#followRows = follow((kind) => kind === 'states' || kind === 'rows' || kind === 'order');
	}

	/** Arrival numbers, newest first; another array only when it changed. */
	order(view: MailView): Uint32Array {
		this.#followLists();
		return this.#mail.order(view);
	}

	counter(view: MailView): Counter {
		this.#followLists();
		this.#followRows();
		return this.#mail.counter(view);
	}

	backfill(): BackfillProgress {
		this.#followLists();
		return this.#mail.backfill();
	}

	state(arrival: number): MessageState | undefined {
		this.#followRows();
		return this.#mail.state(arrival);
	}

	row(arrival: number): MessageRow | undefined {
		this.#followRows();
		return this.#mail.row(arrival);
	}

	threadOf(arrival: number): readonly number[] {
		this.#followRows();
		return this.#mail.threadOf(arrival);
	}

	/** When a message came, read once and not followed; for laying out a list. */
	receivedAt(arrival: number): number {
		return this.#mail.state(arrival)?.receivedAt ?? 0;
	}

	/** When the oldest message came that this device holds; null while it holds none. */
	heldSince(): number | null {
		const { held, total } = this.backfill();
		for (let arrival = total - held; arrival < Math.min(total, total - held + 50); arrival += 1) {
			const at = this.receivedAt(arrival);
			if (at > 0) return at;
		}
		return null;
	}

	/** Brings rows into memory that are not there yet. */
	load(arrivals: readonly number[]): void {
		const missing = arrivals.filter((arrival) => this.#mail.row(arrival) === undefined);
		if (missing.length > 0) void this.#mail.loadRows(missing);
	}
}
