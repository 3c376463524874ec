import { createSubscriber } from 'svelte/reactivity';
import type * as Y from 'yjs';
import type { MailAddress } from '#schema/mail/address.ts';
import type { Quoted } from '#schema/docs/draft.ts';
import type { DraftAttachment, DraftHandle, DraftStatus } from '#lib/replica/drafts.ts';

/** The fields of a letter that hold people. */
export const peopleFields = ['to', 'cc', 'bcc'] as const;
export type PeopleField = (typeof peopleFields)[number];

/** An open draft as the composer reads and writes it; every read is reactive. */
export class DraftView {
	readonly handle: DraftHandle;
	readonly #head: Y.Map<unknown>;
	readonly #followText: () => void;
	readonly #followHandle: () => void;

	constructor(handle: DraftHandle) {
		this.handle = handle;
		this.#head = handle.doc.getMap('head');
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
		const subject = this.#head.get('subject');
		return typeof subject === 'string' ? subject : '';
	}

	set subject(text: string) {
		this.#head.set('subject', text);
	}

	get from(): MailAddress | undefined {
		this.#followText();
		return this.#head.get('from') as MailAddress | undefined;
	}

	set from(identity: MailAddress) {
		this.#head.set('from', { name: identity.name, address: identity.address });
	}

	get quoted(): Quoted | null {
		this.#followText();
		return (this.#head.get('quoted') as Quoted | undefined) ?? null;
	}

	/** Leaves the quoted letter out. */
	dropQuote(): void {
		this.#head.delete('quoted');
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

	people(field: PeopleField): readonly MailAddress[] {
		this.#followText();
		return this.#list(field).toArray();
	}

	add(field: PeopleField, people: readonly MailAddress[]): void {
		const list = this.#list(field);
		if (people.length > 0) list.push(people.map(({ name, address }) => ({ name, address })));
	}

	remove(field: PeopleField, place: number): void {
		const list = this.#list(field);
		if (place >= 0 && place < list.length) list.delete(place, 1);
	}

	/** Moves a person to another field, as one change. */
	move(from: PeopleField, place: number, to: PeopleField): void {
		const person = this.#list(from).get(place);
		this.handle.doc.transact(() => {
			this.remove(from, place);
			this.add(to, [person]);
		});
	}

	#list(field: PeopleField): Y.Array<MailAddress> {
		return this.handle.doc.getArray<MailAddress>(field);
	}
}
