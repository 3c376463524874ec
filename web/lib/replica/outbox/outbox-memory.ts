import type { AttachmentId, DocumentId, SubmissionId } from '#schema/ids.ts';
import type { DeliveryFact, SubmissionFact } from '#schema/mail/message.ts';
import { Lane } from '../lane.ts';
import { Listeners } from '../notices.ts';
import type { ReplicaCore } from '../replica-core.ts';
import type { AttachmentRecord, OutboxRow } from '../storage/stores.ts';

/** An upload is told to other tabs in so many steps. */
const progressSteps = 20;

/**
 * What is under way, in memory: commands, the attachments of drafts, and the facts of what was sent. Read
 * again from storage whenever a notice says that it changed.
 */
export class OutboxMemory {
	/** In the order in which they were put there. */
	rows: readonly OutboxRow[] = [];
	attachments: ReadonlyMap<AttachmentId, AttachmentRecord> = new Map();
	submissions: ReadonlyMap<SubmissionId, SubmissionFact> = new Map();
	deliveries: ReadonlyMap<SubmissionId, readonly DeliveryFact[]> = new Map();
	readonly changes = new Listeners<void>();
	/** Bytes of attachments on their way, from this tab or from the one that leads. */
	readonly #progress = new Map<AttachmentId, number>();
	readonly #core: ReplicaCore;
	readonly #readings = new Lane();

	constructor(core: ReplicaCore) {
		this.#core = core;
		core.notices.add(({ kind }) => {
			if (kind === 'outbox' || kind === 'attachments' || kind === 'facts') {
				void core.inBackground(() => this.load());
			}
		});
	}

	/** Reads everything; resolves when memory is as storage was when it was called, or later. */
	load(): Promise<void> {
		return this.#readings.inTurn(() => this.#read());
	}

	/** The command that sends a draft and was not refused. */
	rowSending(document: DocumentId): OutboxRow | undefined {
		return this.rows.find(
			({ body, state }) => body.name === 'submit' && body.document === document && state.kind !== 'refused'
		);
	}

	attachmentsOf(document: DocumentId): AttachmentRecord[] {
		return [...this.attachments.values()].filter((record) => record.document === document);
	}

	/** Bytes sent of an attachment that is on its way; undefined where it is not. */
	progressOf(id: AttachmentId): number | undefined {
		return this.#progress.get(id);
	}

	/** Notes how far an upload is, undefined when it ended; other tabs are told in steps. */
	noteProgress(id: AttachmentId, sent: number | undefined): void {
		const before = this.#stepOf(id, this.#progress.get(id));
		this.hearProgress(id, sent);
		if (this.#stepOf(id, sent) !== before) this.#core.tellTabs({ kind: 'progress', attachment: id, sent });
	}

	/** What the tab that uploads told. */
	hearProgress(id: AttachmentId, sent: number | undefined): void {
		if (sent === undefined) this.#progress.delete(id);
		else this.#progress.set(id, sent);
		this.changes.tell();
	}

	/** Tells the other tabs once more how far the uploads are. */
	tellProgressAgain(): void {
		for (const [attachment, sent] of this.#progress)
			this.#core.tellTabs({ kind: 'progress', attachment, sent });
	}

	/** The tab that told of uploads leads no more, or is cut off. */
	forgetProgress(): void {
		if (this.#progress.size === 0) return;
		this.#progress.clear();
		this.changes.tell();
	}

	#stepOf(id: AttachmentId, sent: number | undefined): number | undefined {
		const size = this.attachments.get(id)?.size ?? 0;
		return sent === undefined || size === 0 ? sent : Math.floor((sent / size) * progressSteps);
	}

	async #read(): Promise<void> {
		const stores = ['outbox', 'attachments', 'submissions', 'deliveries'] as const;
		const [rows, attachments, submissions, deliveries] = await this.#core.storage.read(
			stores,
			(transaction) =>
				Promise.all([
					transaction.getAll('outbox'),
					transaction.getAll('attachments'),
					transaction.getAll('submissions'),
					transaction.getAll('deliveries')
				])
		);
		this.rows = rows.sort((left, right) => left.order - right.order);
		this.attachments = new Map(attachments.map((record) => [record.id, record]));
		this.submissions = new Map(submissions.map((fact) => [fact.id, fact]));
		this.deliveries = Map.groupBy(deliveries, ({ submission }) => submission);
		const hidden = this.#core.memory.hidePurged(this.rows);
		this.#core.tellDifference(hidden, []);
		this.changes.tell();
	}
}
