import { addRecipient, attachmentsOf, recipientsOf } from '#schema/docs/draft.ts';
import type { AttachmentId, DocumentId, SubmissionId } from '#schema/ids.ts';
import type { Chance } from '#schema/trial/chance.ts';
import { li } from '#schema/trial/people.ts';
import { readDocument } from '#lib/replica/drafts/document-store.ts';
import { draftIds } from '#lib/replica/drafts/draft-registers.ts';
import type { DraftHandle } from '#lib/replica/drafts.ts';
import type { Device, Tab } from './device.ts';
import { DraftWitness, inDocument } from './draft-witness.ts';

/** The largest file people of a world attach, bytes; some go into the letter's row, none into a blob store. */
const largestFile = 3_000;

/** The drafts of a world: what people do with them, in which tabs they are open, and what must be kept of it. */
export class Drafting {
	readonly witness = new DraftWitness();
	/** Letters put into an outbox, and the files each was to go with, by every device that sent it. */
	readonly sent = new Map<SubmissionId, (readonly AttachmentId[])[]>();
	readonly #chance: Chance;
	readonly #open = new Map<Tab, Map<DocumentId, DraftHandle>>();
	#words = 0;

	constructor(chance: Chance) {
		this.#chance = chance;
	}

	/** Types a word into a draft, which stays open now and then: then others see it live. */
	async type(device: Device, tab: Tab): Promise<void> {
		const { drafts } = tab.open;
		const known = drafts.list().map(({ id }) => id);
		const id =
			known.length > 0 && this.#chance.happens(0.9)
				? this.#chance.pick(known)
				: await drafts.create({ from: li });
		await this.#within(tab, id, async (draft) => {
			this.#words += 1;
			const word = `w${this.#words}-${device.name}`;
			const words = draft.doc.getArray<string>('words');
			words.insert(this.#chance.below(words.length + 1), [word]);
			if (await draft.save()) this.witness.typed(id, word, device.identity);
		});
	}

	async attach(device: Device, tab: Tab): Promise<void> {
		const known = tab.open.drafts.list();
		if (known.length === 0) return;
		const { id } = this.#chance.pick(known);
		await this.#within(tab, id, async (draft) => {
			const bytes = new Uint8Array(this.#chance.bytes(1 + this.#chance.below(largestFile)));
			// Only what the replica reads of a Blob; the real one takes turns of its own.
			const blob = { size: bytes.byteLength, arrayBuffer: () => Promise.resolve(bytes.slice().buffer) };
			const file = { name: `${bytes.byteLength}.bin`, type: 'application/octet-stream' };
			const result = await draft.attach({ ...file, blob: blob as Blob });
			if (result.kind === 'attached') this.witness.attached(id, result.id, bytes, device.identity);
		});
	}

	async detach(device: Device, tab: Tab): Promise<void> {
		const known = tab.open.drafts.list().filter(({ attachments }) => attachments > 0);
		if (known.length === 0) return;
		const { id } = this.#chance.pick(known);
		await this.#within(tab, id, async (draft) => {
			const [file] = attachmentsOf(draft.doc);
			if (file === undefined) return;
			this.witness.detaching(id, file.id, device.identity);
			await draft.detach(file.id);
			this.witness.detached(id, file.id, device.identity);
		});
	}

	/** Throws a draft away, also one that is open here. */
	async discard(device: Device, tab: Tab): Promise<void> {
		const listed = tab.open.drafts.list();
		if (listed.length === 0) return;
		const { id } = this.#chance.pick(listed);
		const known = inDocument(await readDocument(tab.open.core, id));
		await tab.open.drafts.discard(id);
		this.witness.discarded(id, known, device.identity);
		if (this.#chance.happens(0.7)) await this.#close(tab, id);
	}

	/** Takes a draft back that was thrown away. */
	async restore(device: Device, tab: Tab): Promise<void> {
		const { core, drafts } = tab.open;
		const gone = draftIds(core.memory.subjects).filter((id) => drafts.row(id) === undefined);
		const discarded = gone.filter((id) => this.witness.wasDiscarded(id) && !this.witness.wasSent(id));
		if (discarded.length === 0) return;
		const id = this.#chance.pick(discarded);
		await drafts.restore(id);
		this.witness.restored(id, device.identity);
	}

	async send(device: Device, tab: Tab): Promise<void> {
		const { drafts } = tab.open;
		const known = drafts.list();
		if (known.length === 0) return;
		const { id } = this.#chance.pick(known);
		let files: readonly AttachmentId[] = [];
		const isThere = await this.#within(tab, id, async (draft) => {
			if (recipientsOf(draft.doc, 'to').length === 0) {
				addRecipient(draft.doc, 'to', { name: '', address: 'wang@outside.example' });
			}
			await draft.save();
			files = attachmentsOf(draft.doc).map((file) => file.id);
		});
		if (!isThere) return;
		const outcome = await drafts.send(id);
		if (outcome.kind !== 'queued') return;
		this.witness.sent(id, device.identity);
		this.sent.set(outcome.submission, [...(this.sent.get(outcome.submission) ?? []), files]);
	}

	/** Every draft that was written on. */
	documents(): readonly DocumentId[] {
		return this.witness.documents();
	}

	/** Works on a draft in a tab, and closes it afterwards or leaves it open; false where it is not here. */
	async #within(tab: Tab, id: DocumentId, work: (draft: DraftHandle) => Promise<void>): Promise<boolean> {
		const open = this.#open.get(tab) ?? new Map<DocumentId, DraftHandle>();
		this.#open.set(tab, open);
		const draft = open.get(id) ?? (await tab.open.drafts.open(id));
		if (draft === undefined) return false;
		open.set(id, draft);
		await work(draft);
		if (this.#chance.happens(0.6)) await this.#close(tab, id);
		return true;
	}

	/** Closes every draft in every tab, also in tabs that are gone. */
	async closeAll(): Promise<void> {
		for (const [tab, open] of this.#open) for (const id of open.keys()) await this.#close(tab, id);
		this.#open.clear();
	}

	async #close(tab: Tab, id: DocumentId): Promise<void> {
		const open = this.#open.get(tab);
		await open?.get(id)?.close();
		open?.delete(id);
	}
}
