import type { MailboxId } from '#schema/ids.ts';
import { mailboxRoles, systemMailbox } from '#schema/mail/mailbox.ts';

/** Most mailboxes a dictionary can number; columns hold the number in 16 bits. */
const maxMailboxes = 65_536;

/** Numbers for mailbox ids. It only ever grows, so that a number once stored keeps its meaning. */
export class MailboxDictionary {
	#ids: MailboxId[];
	#numbers: Map<MailboxId, number>;

	constructor(ids: readonly MailboxId[] = mailboxRoles.map(systemMailbox)) {
		this.#ids = [...ids];
		this.#numbers = new Map(ids.map((id, number) => [id, number]));
	}

	/** The ids in the order of their numbers, as they are stored. */
	get ids(): readonly MailboxId[] {
		return this.#ids;
	}

	/** The number of a mailbox; undefined where it has none yet. */
	numberOf(id: MailboxId): number | undefined {
		return this.#numbers.get(id);
	}

	/** The mailbox of a number that this dictionary gave. Throws RangeError for another. */
	idOf(number: number): MailboxId {
		const id = this.#ids[number];
		if (id === undefined) throw new RangeError(`no mailbox has number ${number}`);
		return id;
	}

	/** A dictionary that also numbers these; itself where it already does. */
	with(ids: Iterable<MailboxId>): MailboxDictionary {
		const missing = new Set<MailboxId>();
		for (const id of ids) if (!this.#numbers.has(id)) missing.add(id);
		if (missing.size === 0) return this;
		if (this.#ids.length + missing.size > maxMailboxes) throw new RangeError('too many mailboxes');
		return new MailboxDictionary([...this.#ids, ...missing]);
	}
}
