import type { Register } from '#schema/docs/registers.ts';
import type { DocumentId } from '#schema/ids.ts';
import { registerSubjects } from '#schema/mail/message.ts';
import type { Opening } from '#schema/space/entry.ts';
import { laterTime, type PendingChange, type StampTime } from '../changes/pending-change.ts';
import { keepRefusals } from '../changes/refusal.ts';
import { writeChanges } from '../changes/write.ts';
import type { ReplicaCore } from '../replica-core.ts';
import { mergeSubject } from '../state/subject-registers.ts';
import { readMeta } from '../storage/meta.ts';
import type { Writing } from '../storage/storage.ts';
import { deliveryKey, type HeadRow, type SubjectRecord } from '../storage/stores.ts';
import { settlingStores, type SettlingStore } from './confirm.ts';

const start: StampTime = { time: 0, counter: 0 };

function subjectsOf({ registers }: Opening): ReadonlyMap<string, SubjectRecord> {
	const subjects = new Map<string, SubjectRecord>();
	for (const { subject, field, value, stamp } of registers) {
		const register: Register = { value, stamp };
		subjects.set(subject, mergeSubject(subjects.get(subject) ?? { subject, fields: {} }, field, register));
	}
	return subjects;
}

function forget(transaction: Writing<SettlingStore | 'pages'>): void {
	for (const store of ['columns', 'registers', 'packs', 'subjects', 'documents', 'updates'] as const) {
		transaction.clear(store);
	}
	transaction.clear('submissions');
	transaction.clear('deliveries');
	transaction.clear('pages');
	transaction.delete('meta', 'joins');
	transaction.delete('meta', 'catchUp');
}

/** Arrival numbers may mean other messages now; the batch in flight names the history that is gone. */
function forgetHistory(transaction: Writing<SettlingStore>): void {
	transaction.clear('contents');
	transaction.deleteRange('blobs', { from: 'part:', to: 'part;' });
	transaction.delete('meta', 'heldContents');
	transaction.delete('meta', 'inflight');
}

/** Sets aside, as refused, what is pending and names messages of a history that is gone: it must hit no other. */
async function setAside(transaction: Writing<'pending' | 'outbox' | 'meta'>, now: number): Promise<void> {
	const [pending, outbox] = await Promise.all([transaction.getAll('pending'), transaction.getAll('outbox')]);
	const strayed = pending.filter(namesMessages);
	for (const { key } of strayed) transaction.delete('pending', key);
	await keepRefusals(transaction, strayed, 'stale-generation', now);
	for (const row of outbox) {
		if (row.body.name !== 'purge' || row.state.kind === 'refused') continue;
		const state = { kind: 'refused', code: 'stale-generation', detail: '' } as const;
		transaction.put('outbox', row.id, { ...row, state });
	}
}

function namesMessages(change: PendingChange): boolean {
	return change.kind === 'registers' && change.target.kind === 'messages';
}

/**
 * Drafts this device wrote on of which an opening tells nothing: new ones, and such as are gone for so long that it leaves
 * them out. Whoever threw those away did not know of what is pending here.
 */
function untold({ memory }: ReplicaCore, { documents, registers }: Opening): DocumentId[] {
	const written = [...memory.pending.values()].flatMap((change) =>
		change.kind === 'text' ? [change.document] : []
	);
	const told = new Set(documents.map(({ document }) => registerSubjects.draft(document)));
	for (const { subject } of registers) told.add(subject);
	return [...new Set(written)].filter((id) => {
		const subject = registerSubjects.draft(id);
		return !told.has(subject) && memory.subjects.value(subject, 'deleted') !== true;
	});
}

/**
 * Takes a space's opening as the new start of this replica, in one transaction: what was confirmed before is
 * forgotten, what is pending stays and lies over it, as far as it means the same in this history.
 */
export async function receiveOpening(core: ReplicaCore, opening: Opening): Promise<void> {
	// Before it is taken, so that nothing comes between that would not know.
	const back = untold(core, opening).map((id) => {
		const target = { kind: 'subject', subject: registerSubjects.draft(id) } as const;
		return { kind: 'registers', target, field: 'deleted', value: false } as const;
	});
	await writeChanges(core, back);
	await core.inTurn(async () => {
		await core.storage.write([...settlingStores, 'pages', 'outbox'], 'relaxed', async (transaction) => {
			const before = await readMeta(transaction, 'head');
			forget(transaction);
			if (before?.cursor.generation !== opening.cursor.generation) {
				forgetHistory(transaction);
				// Without a head, as after a repair, what is pending is taken to be of the history that there is.
				if (before !== undefined) await setAside(transaction, core.clock.now());
			}
			for (const [subject, record] of subjectsOf(opening)) transaction.put('subjects', subject, record);
			for (const { document, state } of opening.documents) {
				transaction.put('documents', document, { document, snapshot: new Uint8Array(state), nextUpdate: 0 });
			}
			for (const fact of opening.submissions) transaction.put('submissions', fact.id, fact);
			for (const fact of opening.deliveries) transaction.put('deliveries', deliveryKey(fact), fact);
			const seen = opening.registers.reduce(
				(latest, { stamp }) => laterTime(latest, stamp),
				before?.seen ?? start
			);
			const head: HeadRow = {
				cursor: opening.cursor,
				revision: (before?.revision ?? 0) + 1,
				seen,
				own: before?.own ?? start
			};
			transaction.put('meta', 'head', head);
			transaction.put('meta', 'backfill', {
				missing: opening.arrivals > 0 ? [0, opening.arrivals] : [],
				total: opening.arrivals,
				counters: opening.counters,
				counted: {}
			});
		});
	});
	core.tellTabs({ kind: 'reset' });
	core.tellTabs({ kind: 'refusals' });
	await core.reload();
	core.notices.tell({ kind: 'refusals' });
}
