import { createSubscriber } from 'svelte/reactivity';
import {
	addRecipient,
	fromOf,
	recipientsOf,
	removeRecipient,
	setFrom,
	setSubject,
	snippetOf,
	subjectOf,
	type RecipientField
} from '#schema/docs/draft.ts';
import { quotedOf, removeQuoted, wantedOf, type Quoted } from '#schema/docs/draft-original.ts';
import type { MailAddress } from '#schema/mail/address.ts';
import type { DraftAttachment, DraftHandle, DraftStatus } from '#lib/replica/drafts.ts';

/** An open draft as the composer reads and writes it; every read is reactive. */
export class DraftView {
	readonly handle: DraftHandle;
	readonly #followText: () => void;
	readonly #followHandle: () => void;

	constructor(handle: DraftHandle) {
		this.handle = handle;
		this.#followText = createSubscriber((update) => {
			handle.doc.on('update', update);
			return () => {
				handle.doc.off('update', update);
			};
		});
		this.#followHandle = createSubscriber((update) => handle.subscribe(update));
	}

	get subject(): string {
		this.#followText();
		return subjectOf(this.handle.doc);
	}

	set subject(text: string) {
		setSubject(this.handle.doc, text);
	}

	get from(): MailAddress | undefined {
		this.#followText();
		return fromOf(this.handle.doc);
	}

	/** Chooses whom the letter is from. */
	sendAs(identity: MailAddress): void {
		setFrom(this.handle.doc, { name: identity.name, address: identity.address });
	}

	get quoted(): Quoted | undefined {
		this.#followText();
		return quotedOf(this.handle.doc);
	}

	/** Leaves the quoted letter out. */
	dropQuote(): void {
		removeQuoted(this.handle.doc);
	}

	get status(): DraftStatus {
		this.#followHandle();
		return this.handle.status();
	}

	get attachments(): readonly DraftAttachment[] {
		this.#followHandle();
		this.#followText();
		return this.handle.attachments();
	}

	/** Whether nothing was written, addressed or attached: such a draft is not worth keeping. */
	get isBlank(): boolean {
		const { doc } = this.handle;
		const written = snippetOf(doc);
		const nobody = (['to', 'cc', 'bcc'] as const).every((field) => recipientsOf(doc, field).length === 0);
		const bare =
			subjectOf(doc) === '' &&
			quotedOf(doc) === undefined &&
			wantedOf(doc).length === 0 &&
			this.handle.attachments().length === 0;
		return bare && nobody && written === '';
	}

	people(field: RecipientField): readonly MailAddress[] {
		this.#followText();
		return recipientsOf(this.handle.doc, field);
	}

	/** Adds people to a field, as one change. */
	add(field: RecipientField, people: readonly MailAddress[]): void {
		this.handle.doc.transact(() => {
			for (const { name, address } of people) addRecipient(this.handle.doc, field, { name, address });
		});
	}

	remove(field: RecipientField, address: string): void {
		removeRecipient(this.handle.doc, field, address);
	}

	/** Moves a person to another field, as one change. */
	move(from: RecipientField, address: string, to: RecipientField): void {
		const person = recipientsOf(this.handle.doc, from).find((candidate) => candidate.address === address);
		if (person === undefined) return;
		this.handle.doc.transact(() => {
			this.remove(from, address);
			this.add(to, [person]);
		});
	}
}
