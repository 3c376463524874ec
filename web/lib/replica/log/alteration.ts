import type { Register, Stamp } from '#schema/docs/registers.ts';
import type { DocumentId, MailboxId } from '#schema/ids.ts';
import type { DeliveryFact, MessageFact, SubmissionFact } from '#schema/mail/message.ts';
import { laterTime, type StampTime } from '../changes/pending-change.ts';
import { blockOf, columnBlock, copyOfBlock, type ColumnBlock } from '../state/column-block.ts';
import type { MailboxDictionary } from '../state/mailbox-dictionary.ts';
import type { MessageColumns } from '../state/message-columns.ts';
import { RegisterBlock } from '../state/register-block.ts';
import { mergeSubject, type SubjectRegisters } from '../state/subject-registers.ts';
import { asBroken } from '../storage/failure.ts';
import type { Reading } from '../storage/storage.ts';
import { packSize, type BackfillRow, type SubjectRecord } from '../storage/stores.ts';

/** What of the stored state must be at hand before changes are applied to it. */
export interface Needs {
	readonly registers: ReadonlySet<number>;
	readonly packs: ReadonlySet<number>;
}

/** What is known of confirmed state without reading storage. */
export interface ConfirmedState {
	readonly columns: MessageColumns;
	readonly subjects: SubjectRegisters;
	readonly joins: readonly (readonly [number, number])[];
	readonly backfill: BackfillRow | undefined;
}

/**
 * Confirmed state as one transaction alters it. It copies what it touches, so that nothing of it shows
 * before the commit; `touched` is what has to be stored then.
 */
export class Alteration {
	readonly blocks = new Map<number, ColumnBlock>();
	readonly registers: ReadonlyMap<number, RegisterBlock>;
	readonly packs: ReadonlyMap<number, Map<number, MessageFact>>;
	readonly subjects = new Map<string, SubjectRecord>();
	readonly texts: { readonly document: DocumentId; readonly update: Uint8Array<ArrayBuffer> }[] = [];
	readonly submissions: SubmissionFact[] = [];
	readonly deliveries: DeliveryFact[] = [];
	/** Whether the submissions and deliveries stand in place of all that were known. */
	replacesSending = false;
	/** Messages whose body has to go. */
	readonly emptied: number[] = [];
	readonly touchedRegisters = new Set<number>();
	readonly touchedPacks = new Set<number>();
	joins: readonly (readonly [number, number])[];
	backfill: BackfillRow | undefined;
	dictionary: MailboxDictionary;
	seen: StampTime = { time: 0, counter: 0 };
	readonly #state: ConfirmedState;
	#storedMailboxes: number;

	constructor(
		state: ConfirmedState,
		registers: ReadonlyMap<number, RegisterBlock>,
		packs: ReadonlyMap<number, Map<number, MessageFact>>
	) {
		this.#state = state;
		this.registers = registers;
		this.packs = packs;
		this.joins = state.joins;
		this.backfill = state.backfill;
		this.dictionary = state.columns.dictionary;
		this.#storedMailboxes = this.dictionary.ids.length;
	}

	/** The block of columns a message lies in, ready to be altered. */
	columnsOf(arrival: number): ColumnBlock {
		return this.block(blockOf(arrival));
	}

	/** The registers of the block a message lies in; they must be among the needs. */
	registersOf(arrival: number): RegisterBlock {
		const block = this.registers.get(blockOf(arrival));
		if (block === undefined) throw new RangeError(`registers of message ${arrival} were not read`);
		return block;
	}

	/** A block of columns, ready to be altered. */
	block(number: number): ColumnBlock {
		const own = this.blocks.get(number);
		if (own !== undefined) return own;
		const confirmed = this.#state.columns.confirmed(number);
		const copy = confirmed === undefined ? columnBlock() : copyOfBlock(confirmed);
		this.blocks.set(number, copy);
		return copy;
	}

	/** Every block there is, as it stands, to be looked through. */
	*everyBlock(): Iterable<readonly [number, ColumnBlock]> {
		yield* this.blocks;
		for (const number of this.#state.columns.blocks.keys()) {
			const confirmed = this.#state.columns.confirmed(number);
			if (confirmed !== undefined && !this.blocks.has(number)) yield [number, confirmed];
		}
	}

	/** The summaries of the pack a message lies in, ready to be altered; it must be among the needs. */
	packOf(arrival: number): Map<number, MessageFact> {
		const number = Math.floor(arrival / packSize);
		const pack = this.packs.get(number);
		if (pack === undefined) throw new RangeError(`pack ${number} was not read`);
		this.touchedPacks.add(number);
		return pack;
	}

	/** Takes the dictionary as it is stored, which another tab may have let grow. */
	numberMailboxesBy(stored: MailboxDictionary): void {
		this.dictionary = stored;
		this.#storedMailboxes = stored.ids.length;
	}

	/** Whether mailboxes were numbered that are not stored yet. */
	get hasNewMailboxes(): boolean {
		return this.dictionary.ids.length > this.#storedMailboxes;
	}

	mailboxNumber(id: MailboxId): number {
		this.dictionary = this.dictionary.with([id]);
		return this.dictionary.numberOf(id) ?? 0;
	}

	/** The registers of a subject that is no message, as they stand. */
	subject(subject: string): SubjectRecord {
		return this.subjects.get(subject) ?? this.#state.subjects.confirmed(subject);
	}

	mergeSubject(subject: string, field: string, register: Register): void {
		const before = this.subject(subject);
		const after = mergeSubject(before, field, register);
		if (after !== before) this.subjects.set(subject, after);
	}

	/** Takes note of a stamp, so that later writes of this device come after it. */
	see(stamp: Stamp): void {
		this.seen = laterTime(this.seen, stamp);
	}

	/** The message that names the thread, after all joins known. */
	threadNow(thread: number): number {
		let now = thread;
		for (const [from, into] of this.joins) if (now === from) now = into;
		return now;
	}
}

/** Reads what is needed and begins an alteration, which has touched nothing yet. */
export async function openAlteration(
	transaction: Reading<'registers' | 'packs'>,
	state: ConfirmedState,
	needs: Needs
): Promise<Alteration> {
	const registers = new Map<number, RegisterBlock>();
	const packs = new Map<number, Map<number, MessageFact>>();
	const readRegisters = async (number: number) => {
		registers.set(number, new RegisterBlock(number, await transaction.get('registers', number)));
	};
	const readPack = async (number: number) => {
		const record = await transaction.get('packs', number);
		packs.set(number, new Map(record?.messages.map((message) => [message.arrival, message])));
	};
	try {
		await Promise.all([...[...needs.registers].map(readRegisters), ...[...needs.packs].map(readPack)]);
	} catch (error) {
		throw asBroken(error);
	}
	return new Alteration(state, registers, packs);
}
