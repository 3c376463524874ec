import { unionOfRanges } from '#schema/docs/ranges.ts';
import { tick } from '#schema/docs/logical-clock.ts';
import type { RegisterValue } from '#schema/docs/registers.ts';
import type { DocumentId, MailboxId } from '#schema/ids.ts';
import type { RegisterTarget } from '#schema/space/entry.ts';
import type { ReplicaCore } from '../replica-core.ts';
import { MailboxDictionary } from '../state/mailbox-dictionary.ts';
import { StorageError } from '../storage/failure.ts';
import { readMeta } from '../storage/meta.ts';
import type { Writing } from '../storage/storage.ts';
import type { StoreName } from '../storage/stores.ts';
import type { ClockRow, PendingChange, PendingText, StampTime } from './pending-change.ts';

/** A change as it is asked for, before it has a number and a stamp. */
export type NewChange =
	| {
			readonly kind: 'registers';
			readonly target: RegisterTarget;
			readonly field: string;
			readonly value: RegisterValue;
			/** As of {@link PendingRegisters.known}. */
			readonly known?: Uint8Array<ArrayBuffer>;
	  }
	| { readonly kind: 'text'; readonly document: DocumentId; readonly update: Uint8Array<ArrayBuffer> };

/** How a write goes together with others. */
export interface WriteOptions<Extra extends StoreName = never> {
	/** Joins a pending edit of a document with the next; without it they stay two. */
	readonly mergeText?: (updates: readonly Uint8Array<ArrayBuffer>[]) => Uint8Array<ArrayBuffer>;
	/** What else belongs to the write, in the same transaction. It may await nothing but the transaction. */
	readonly also?: {
		readonly stores: readonly Extra[];
		readonly run: (transaction: Writing<Extra>) => Promise<void>;
	};
}

type WriteStore = 'pending' | 'clock' | 'meta';

/** Pending edits above this are not rewritten with every keystroke. */
const mergedTextBytes = 64 << 10;

function stamped(
	change: NewChange,
	clock: ClockRow,
	now: number,
	seen: StampTime
): [PendingChange, ClockRow] {
	const key = clock.nextKey;
	if (change.kind === 'text') {
		const { document, update } = change;
		return [
			{ kind: 'text', key, document, update },
			{ ...clock, nextKey: key + 1 }
		];
	}
	const { clock: last, stamp } = tick(clock.last, now, clock.device);
	const { target, field, value, known } = change;
	return [
		{
			...{ kind: 'registers', key, target, field, value, stamp, seen },
			...(known === undefined ? {} : { known })
		},
		{ ...clock, last, nextKey: key + 1 }
	];
}

/** Pending changes that a new one makes superfluous: the same register of a subject, the same draft's text. */
function replacedBy(
	change: NewChange,
	pending: Iterable<PendingChange>,
	mayMergeText: boolean
): PendingChange[] {
	return [...pending].filter((before) => {
		if (change.kind === 'text') {
			const isSame = before.kind === 'text' && before.document === change.document;
			return mayMergeText && isSame && before.update.byteLength <= mergedTextBytes;
		}
		if (change.target.kind !== 'subject' || before.kind !== 'registers') return false;
		const isSame = before.target.kind === 'subject' && before.target.subject === change.target.subject;
		return isSame && before.field === change.field;
	});
}

function withEarlierText(
	change: NewChange,
	replaced: readonly PendingChange[],
	mergeText: WriteOptions['mergeText']
): NewChange {
	const earlier = replaced.filter((before): before is PendingText => before.kind === 'text');
	if (change.kind !== 'text' || mergeText === undefined || earlier.length === 0) return change;
	return { ...change, update: mergeText([...earlier.map(({ update }) => update), change.update]) };
}

/** Mailboxes that the columns cannot number yet. */
function newMailboxes(core: ReplicaCore, changes: readonly NewChange[]): MailboxId[] {
	const { dictionary } = core.memory.columns;
	return changes.flatMap((change) => {
		if (change.kind !== 'registers' || change.field !== 'mailbox' || typeof change.value !== 'string')
			return [];
		const mailbox = change.value as MailboxId;
		return change.target.kind === 'messages' && dictionary.numberOf(mailbox) === undefined ? [mailbox] : [];
	});
}

interface Written {
	readonly changes: readonly PendingChange[];
	/** Keys of earlier changes that these replace. */
	readonly dropped: readonly number[];
	readonly mailboxes: readonly MailboxId[] | undefined;
}

/** Numbers, stamps and puts the changes. */
async function putChanges(
	core: ReplicaCore,
	transaction: Writing<'pending' | 'clock' | 'meta'>,
	changes: readonly NewChange[],
	{
		mergeText,
		underWay
	}: { readonly mergeText: WriteOptions['mergeText']; readonly underWay: ReadonlySet<number> }
): Promise<Pick<Written, 'changes' | 'dropped'>> {
	let clock = await transaction.get('clock', 'clock');
	if (clock === undefined) throw new StorageError('broken', 'no clock');
	const seen = core.memory.head?.seen ?? { time: 0, counter: 0 };
	const replaceable = [...core.memory.pending.values()].filter(({ key }) => !underWay.has(key));
	const written: PendingChange[] = [];
	const dropped: number[] = [];
	for (const change of changes) {
		const replaced = replacedBy(change, replaceable, mergeText !== undefined);
		const [row, next] = stamped(withEarlierText(change, replaced, mergeText), clock, core.clock.now(), seen);
		clock = next;
		for (const { key } of replaced) transaction.delete('pending', key);
		dropped.push(...replaced.map(({ key }) => key));
		transaction.put('pending', row.key, row);
		written.push(row);
	}
	transaction.put('clock', 'clock', clock);
	return { changes: written, dropped };
}

/** Gives numbers to mailboxes; answers with all that have one. */
async function numberMailboxes(
	transaction: Writing<'meta'>,
	mailboxes: readonly MailboxId[]
): Promise<readonly MailboxId[]> {
	const { ids } = new MailboxDictionary(await readMeta(transaction, 'mailboxes')).with(mailboxes);
	transaction.put('meta', 'mailboxes', ids);
	return ids;
}

/**
 * Commits changes of this device's in one strict transaction with its clock, then shows them. They are
 * numbered and stamped in the order given. Rejects with StorageError; nothing was written then.
 */
export async function writeChanges<Extra extends StoreName = never>(
	core: ReplicaCore,
	changes: readonly NewChange[],
	options: WriteOptions<Extra> = {}
): Promise<readonly PendingChange[]> {
	if (changes.length === 0 && options.also === undefined) return [];
	await core.loaded;
	const mailboxes = newMailboxes(core, changes);
	const mayReplace = changes.some((change) => change.kind === 'text' || change.target.kind === 'subject');
	const stores = new Set<WriteStore | Extra>(['pending', 'clock', ...(options.also?.stores ?? [])]);
	if (mayReplace || mailboxes.length > 0) stores.add('meta');
	const written = await core.commit<WriteStore | Extra, Written>([...stores], async (transaction) => {
		const inflight = mayReplace ? await readMeta(transaction, 'inflight') : undefined;
		const underWay = new Set(inflight?.covers.flatMap(({ rows }) => rows));
		const ids = mailboxes.length > 0 ? await numberMailboxes(transaction, mailboxes) : undefined;
		await options.also?.run(transaction);
		const put = await putChanges(core, transaction, changes, { mergeText: options.mergeText, underWay });
		return { ...put, mailboxes: ids };
	});
	show(core, written);
	return written.changes;
}

function show(core: ReplicaCore, { changes, dropped, mailboxes }: Written): void {
	const { memory } = core;
	if (mailboxes !== undefined) memory.columns.dictionary = new MailboxDictionary(mailboxes);
	const taken = memory.addPending(changes);
	const left = memory.dropPending(dropped);
	core.tellTabs({ kind: 'pending', added: changes.map(({ key }) => key), dropped });
	core.tellDifference(unionOfRanges(taken.arrivals, left.arrivals), [
		...new Set([...taken.subjects, ...left.subjects])
	]);
	core.notices.tell({ kind: 'pending' });
}
