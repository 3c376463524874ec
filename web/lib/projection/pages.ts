import type { MessageFact } from '#schema/mail/message.ts';
import type { Cancel } from '#lib/platform/clock.ts';
import type { ReplicaCore } from '#lib/replica/replica-core.ts';
import type { PageRecord } from '#lib/replica/storage/stores.ts';
import type { MailProjection, MailView } from './mail-projection.ts';
import { viewName } from './orders.ts';

/** Rows of a ready page: what fills the tallest screen. */
const pageSize = 50;

/** Milliseconds of quiet before pages are written. */
const quiet = 2_000;

/** Reads the ready pages; none where they can't be read, since they are only a shortcut. */
export async function readPages(core: ReplicaCore): Promise<readonly PageRecord[]> {
	let pages: readonly PageRecord[] = [];
	await core.inBackground(async () => {
		pages = await core.storage.read(['pages'], (transaction) => transaction.getAll('pages'));
	});
	return pages;
}

/** Keeps the first page of every view that was looked at ready for the next cold start. */
export class PageWriter {
	readonly #core: ReplicaCore;
	readonly #mail: Pick<MailProjection, 'order' | 'counter' | 'loadRows'>;
	readonly #row: (arrival: number) => MessageFact | undefined;
	readonly #views = new Map<string, MailView>();
	#timer: Cancel | undefined;
	#written = new Map<string, string>();

	constructor(
		core: ReplicaCore,
		mail: Pick<MailProjection, 'order' | 'counter' | 'loadRows'>,
		row: (arrival: number) => MessageFact | undefined
	) {
		this.#core = core;
		this.#mail = mail;
		this.#row = row;
	}

	/** A view was looked at. */
	asked(view: MailView): void {
		const name = viewName(view);
		if (this.#views.has(name)) return;
		this.#views.set(name, view);
		this.changed();
	}

	/** Something changed; pages are written once it has been quiet for a while. */
	changed(): void {
		if (!this.#core.isLoaded || this.#views.size === 0) return;
		this.#timer?.();
		this.#timer = this.#core.clock.after(quiet, () => {
			void this.#core.inBackground(() => this.#write());
		});
	}

	stop(): void {
		this.#timer?.();
	}

	async #write(): Promise<void> {
		const views = [...this.#views.values()];
		await this.#mail.loadRows(views.flatMap((view) => this.#first(view)));
		const pages = views.map((view) => this.#page(view)).filter((page) => this.#isNew(page));
		if (pages.length === 0) return;
		await this.#core.storage.write(['pages'], 'relaxed', async (transaction) => {
			for (const page of pages) transaction.put('pages', page.view, page);
		});
	}

	#first(view: MailView): number[] {
		return [...this.#mail.order(view).subarray(0, pageSize)];
	}

	#page(view: MailView): PageRecord {
		const { columns } = this.#core.memory;
		const entries = this.#first(view).flatMap((arrival) => {
			const row = this.#row(arrival);
			const state = columns.row(arrival);
			if (row === undefined || state === undefined) return [];
			const { flags, mailbox, thread } = state;
			return [{ arrival, row, state: { flags, mailbox, thread } }];
		});
		return {
			view: viewName(view),
			arrivals: entries.map(({ arrival }) => arrival),
			rows: entries.map(({ row }) => row),
			states: entries.map(({ state }) => state),
			counter: this.#mail.counter(view)
		};
	}

	#isNew({ view, arrivals, states, counter }: PageRecord): boolean {
		const spelling = JSON.stringify([arrivals, states, counter]);
		if (this.#written.get(view) === spelling) return false;
		this.#written.set(view, spelling);
		return true;
	}
}
