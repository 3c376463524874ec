import type { RefusalCode } from '#schema/protocol/codes.ts';
import type { Cancel } from '../../platform/clock.ts';
import type { Upload, UploadOutcome } from '../../platform/transfer.ts';
import type { ServerApi } from '../connection/server-api.ts';
import type { ReplicaCore } from '../replica-core.ts';
import { retryPauses } from '../retry-pauses.ts';
import type { AttachmentRecord } from '../storage/stores.ts';
import type { OutboxMemory } from './outbox-memory.ts';

type Verdict =
	| { readonly kind: 'uploaded' }
	| { readonly kind: 'refused'; readonly code: RefusalCode }
	| 'server-full'
	| 'later';

function verdictOf({ status, code }: UploadOutcome): Verdict {
	// The person's own room is used up, or the server's is; the latter passes.
	if (status === 507) return code === 'storage-full' ? 'server-full' : { kind: 'refused', code: 'quota' };
	if (status === null || status >= 500 || status === 429 || status === 401 || status === 408) return 'later';
	if (status < 300) return { kind: 'uploaded' };
	return {
		kind: 'refused',
		code: status === 413 ? 'too-large' : status === 403 ? 'not-permitted' : 'malformed'
	};
}

/** Key of an attachment's bytes. */
export function attachmentKey({ id }: Pick<AttachmentRecord, 'id'>): string {
	return `attachment:${id}`;
}

/** Brings attachments of drafts to the server as soon as there is a connection, one after another. */
export class Uploader {
	readonly #core: ReplicaCore;
	readonly #memory: OutboxMemory;
	readonly #api: ServerApi;
	readonly #upload: Upload;
	readonly #uploaded: () => void;
	#isConnected = false;
	#isBusy = false;
	#retry: Cancel | undefined;

	/** @param uploaded called after each attachment that came to an end, well or not */
	constructor(core: ReplicaCore, memory: OutboxMemory, api: ServerApi, upload: Upload, uploaded: () => void) {
		this.#core = core;
		this.#memory = memory;
		this.#api = api;
		this.#upload = upload;
		this.#uploaded = uploaded;
	}

	connected(): void {
		this.#isConnected = true;
		this.kick();
	}

	disconnected(): void {
		this.#isConnected = false;
		this.#retry?.();
		this.#retry = undefined;
	}

	/** Uploads what waits, unless an upload is under way. */
	kick(): void {
		if (!this.#isConnected || this.#isBusy || this.#retry !== undefined) return;
		const next = [...this.#memory.attachments.values()].find(({ state }) => state.kind === 'waiting');
		if (next === undefined) return;
		this.#isBusy = true;
		void this.#core
			.inBackground(() => this.#bring(next))
			.finally(() => {
				this.#isBusy = false;
				this.kick();
			});
	}

	async #bring(record: AttachmentRecord): Promise<void> {
		const key = attachmentKey(record);
		const bytes = await this.#core.storage.read(['blobs'], (transaction) => transaction.get('blobs', key));
		const verdict: Verdict =
			bytes === undefined ? { kind: 'refused', code: 'attachment-missing' } : await this.#put(record, bytes);
		if (verdict === 'server-full') this.#core.serverFullness.tell(true);
		if (verdict === 'server-full' || verdict === 'later') {
			this.#retry = this.#core.clock.after(retryPauses.transfer, () => {
				this.#retry = undefined;
				this.kick();
			});
			return;
		}
		if (verdict.kind === 'uploaded') this.#core.serverFullness.tell(false);
		await this.#core.storage.write(['attachments'], 'strict', async (transaction) => {
			const stored = await transaction.get('attachments', record.id);
			if (stored !== undefined) transaction.put('attachments', record.id, { ...stored, state: verdict });
		});
		this.#core.tellTabs({ kind: 'attachments' });
		await this.#memory.load();
		this.#uploaded();
	}

	async #put(record: AttachmentRecord, bytes: Uint8Array<ArrayBuffer>): Promise<Verdict> {
		const { id, document, name, type } = record;
		this.#memory.noteProgress(id, 0);
		const outcome = await this.#upload(
			this.#api.urls.attachment(id, { document, name, type }),
			bytes,
			(sent) => this.#memory.noteProgress(id, sent)
		);
		this.#memory.noteProgress(id, undefined);
		return verdictOf(outcome);
	}
}
