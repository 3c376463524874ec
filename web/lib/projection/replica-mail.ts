import type { Counter } from '#schema/space/entry.ts';
import { countOfRanges } from '#schema/docs/ranges.ts';
import { flagBits, keywordBit } from '#lib/replica/state/column-block.ts';
import type { MessageColumnsRow } from '#lib/replica/state/message-columns.ts';
import { Listeners, type ReplicaNotice } from '#lib/replica/notices.ts';
import type { ReplicaCore } from '#lib/replica/replica-core.ts';
import type { PageRecord } from '#lib/replica/storage/stores.ts';
import { MailLists } from './lists.ts';
import type {
	BackfillProgress,
	MailNotice,
	MailProjection,
	MailView,
	MessageRow,
	MessageState
} from './mail-projection.ts';
import { viewName } from './orders.ts';
import { PageWriter, readPages } from './pages.ts';
import { Rows } from './rows.ts';

const bits = {
	seen: keywordBit('$seen'),
	flagged: keywordBit('$flagged'),
	important: keywordBit('$important'),
	done: keywordBit('$done'),
	answered: keywordBit('$answered'),
	forwarded: keywordBit('$forwarded')
};

function stateOf({ flags, mailbox, thread, date }: MessageColumnsRow): MessageState {
	return {
		mailbox,
		seen: (flags & bits.seen) !== 0,
		flagged: (flags & bits.flagged) !== 0,
		important: (flags & bits.important) !== 0,
		done: (flags & bits.done) !== 0,
		answered: (flags & bits.answered) !== 0,
		forwarded: (flags & bits.forwarded) !== 0,
		hasAttachments: (flags & flagBits.attachments) !== 0,
		receivedAt: date * 1000,
		thread
	};
}

/** What the ready pages say, until the columns are in memory. */
class ReadyPages {
	readonly #pages: ReadonlyMap<string, PageRecord>;
	readonly #orders: ReadonlyMap<string, Uint32Array>;
	readonly #states = new Map<number, MessageState>();

	constructor(pages: readonly PageRecord[]) {
		this.#pages = new Map(pages.map((page) => [page.view, page]));
		this.#orders = new Map(pages.map(({ view, arrivals }) => [view, Uint32Array.from(arrivals)]));
		for (const { arrivals, rows, states } of pages) {
			arrivals.forEach((arrival, index) => {
				const state = states[index];
				const date = Math.floor((rows[index]?.receivedAt ?? 0) / 1000);
				if (state !== undefined) this.#states.set(arrival, stateOf({ ...state, date }));
			});
		}
	}

	order = (view: MailView): Uint32Array => this.#orders.get(viewName(view)) ?? noOrder;
	counter = (view: MailView): Counter => this.#pages.get(viewName(view))?.counter ?? { total: 0, unread: 0 };
	state = (arrival: number): MessageState | undefined => this.#states.get(arrival);
}

const noOrder = new Uint32Array();

/** The projection of a replica's mail. */
class ReplicaMail implements MailProjection {
	readonly #core: ReplicaCore;
	readonly #listeners = new Listeners<MailNotice>();
	readonly #lists: MailLists;
	readonly #rows: Rows;
	readonly #ready: ReadyPages;
	readonly #pages: PageWriter;
	readonly #end: () => void;

	constructor(core: ReplicaCore, pages: readonly PageRecord[]) {
		this.#core = core;
		this.#ready = new ReadyPages(pages);
		this.#lists = new MailLists(core.memory.columns);
		this.#rows = new Rows(
			core,
			pages.flatMap(({ rows }) => rows),
			(arrivals) => this.#listeners.tell({ kind: 'rows', arrivals })
		);
		this.#pages = new PageWriter(core, this, (arrival) => this.#rows.row(arrival));
		this.#end = core.notices.add((notice) => this.#heard(notice));
	}

	subscribe(listener: (notice: MailNotice) => void): () => void {
		return this.#listeners.add(listener);
	}

	order(view: MailView): Uint32Array {
		this.#pages.asked(view);
		return this.#core.isLoaded ? this.#lists.order(view) : this.#ready.order(view);
	}

	counter(view: MailView): Counter {
		if (!this.#core.isLoaded) return this.#ready.counter(view);
		return this.#lists.counter(view, this.#core.memory.backfill);
	}

	state(arrival: number): MessageState | undefined {
		if (!this.#core.isLoaded) return this.#ready.state(arrival);
		const row = this.#core.memory.columns.row(arrival);
		return row === undefined ? undefined : stateOf(row);
	}

	row(arrival: number): MessageRow | undefined {
		return this.#rows.row(arrival);
	}

	loadRows(arrivals: readonly number[]): Promise<void> {
		return this.#rows.load(arrivals);
	}

	threadOf(arrival: number): readonly number[] {
		const row = this.#core.memory.columns.row(arrival);
		return row === undefined ? [] : this.#lists.threadMembers(row.thread);
	}

	backfill(): BackfillProgress {
		const { backfill } = this.#core.memory;
		if (backfill === undefined) return { held: 0, total: 0 };
		const missing = countOfRanges(backfill.missing);
		if (missing > 0 || !this.#core.isLoaded) {
			return { held: Math.max(0, backfill.total - missing), total: backfill.total };
		}
		const { present } = this.#lists;
		return { held: present, total: present };
	}

	close(): void {
		this.#end();
		this.#pages.stop();
		this.#listeners.clear();
	}

	#heard(notice: ReplicaNotice): void {
		if (notice.kind === 'backfill') {
			this.#listeners.tell({ kind: 'backfill' });
			return;
		}
		if (notice.kind !== 'messages') return;
		this.#pages.changed();
		if (notice.arrivals === 'all') {
			this.#lists.takeAll();
			this.#rows.refreshAll();
			this.#listeners.tell({ kind: 'states', arrivals: 'all' });
			this.#listeners.tell({ kind: 'order' });
			return;
		}
		const hasMoved = this.#lists.take(notice.arrivals);
		this.#rows.refresh(notice.arrivals, (arrival) => this.#core.memory.columns.isPresent(arrival));
		this.#listeners.tell({ kind: 'states', arrivals: notice.arrivals });
		if (hasMoved) this.#listeners.tell({ kind: 'order' });
	}
}

/** Opens the projection over a replica; resolves when the ready first pages are at hand. */
export async function openMailProjection(core: ReplicaCore): Promise<MailProjection> {
	return new ReplicaMail(core, await readPages(core));
}
