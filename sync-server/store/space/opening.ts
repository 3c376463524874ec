import type { Counter, Opening, SubjectRegister, TextSnapshot } from '#schema/space/entry.ts';
import type { RegisterValue } from '#schema/docs/registers.ts';
import { registerSubjects, type DeliveryFact, type DraftField } from '#schema/mail/message.ts';
import { keywordViews } from '#schema/mail/mailbox.ts';
import { documents, subjectRegisters, submissionDeliveries, submissions } from '#schema/tables/space.ts';
import { eq, gt, gte, inArray, or, perDatabase, type Database } from '../drizzle.ts';
import type { Operation } from '../file-kind.ts';
import { documentState } from './apply-documents.ts';
import { bitOf } from './message-fields.ts';
import { spaceOf } from './space-row.ts';
import { factOf } from './submission-state.ts';

/** For how long a new replica is told of drafts that are gone and of letters that were sent, milliseconds. */
const recent = 30 * 24 * 3600 * 1000;

const statements = perDatabase(({ $client }) => ({
	counts: $client.prepare(
		`SELECT mailbox, keywords, count(*) FROM message WHERE withdrawn_seq IS NULL GROUP BY mailbox, keywords`
	)
}));

const seen = bitOf('$seen');

/** Totals of every mailbox that holds something, and of the views by keyword (all but Trash and Junk). */
function countersOf(database: Database): Record<string, Counter> {
	const counters: Record<string, { total: number; unread: number }> = {};
	const add = (name: string, count: number, isUnread: boolean) => {
		const counter = (counters[name] ??= { total: 0, unread: 0 });
		counter.total += count;
		if (isUnread) counter.unread += count;
	};
	for (const [mailboxCell, bitsCell, countCell] of statements(database).counts.raw().all()) {
		const [mailbox, bits, count] = [String(mailboxCell), Number(bitsCell), Number(countCell)];
		const isUnread = (bits & seen) === 0;
		add(mailbox, count, isUnread);
		if (mailbox === 'trash' || mailbox === 'junk') continue;
		for (const [view, keyword] of Object.entries(keywordViews)) {
			if ((bits & bitOf(keyword)) !== 0) add(view, count, isUnread);
		}
	}
	return counters;
}

function registersOf(database: Database): SubjectRegister[] {
	const rows = database.select().from(subjectRegisters).all();
	return rows.map(({ subject, field, value, time, counter, device }) => ({
		subject,
		field,
		value: JSON.parse(value) as RegisterValue,
		stamp: { time, counter, device }
	}));
}

/** Subjects of drafts that have been gone for long. */
function forgotten(registers: readonly SubjectRegister[], since: number): ReadonlySet<string> {
	const gone = registers.filter(
		({ field, value, stamp }) => field === 'deleted' && value === true && stamp.time < since
	);
	return new Set(gone.map(({ subject }) => subject));
}

function textsOf(database: Database, left: ReadonlySet<string>, since: number): TextSnapshot[] {
	const known = database
		.select({ id: documents.id })
		.from(documents)
		.where(gt(documents.lastSeq, since))
		.all();
	return known
		.filter(({ id }) => !left.has(registerSubjects.draft(id)))
		.flatMap(({ id: document }) => {
			const state = documentState(database, document);
			return state === undefined ? [] : [{ document, state }];
		});
}

function sendingOf(database: Database, since: number) {
	const facts = database
		.select()
		.from(submissions)
		.where(or(gte(submissions.submittedAt, since), eq(submissions.state, 'held')))
		.all()
		.map(factOf);
	const ids = facts.map(({ id }) => id);
	const deliveries: DeliveryFact[] = [];
	for (let from = 0; from < ids.length; from += 500) {
		const some = inArray(submissionDeliveries.submission, ids.slice(from, from + 500));
		deliveries.push(...database.select().from(submissionDeliveries).where(some).all());
	}
	return { submissions: facts, deliveries };
}

/** The opening as it is now, with the documents that changed since the entry `since`, and these registers. */
function openingWith(
	database: Database,
	now: number,
	since: number,
	isWanted: (register: SubjectRegister, isForgotten: boolean) => boolean
): Opening {
	const { generation, head: seq, arrivals } = spaceOf(database);
	const all = registersOf(database);
	const left = forgotten(all, now - recent);
	return {
		cursor: { generation, seq },
		arrivals,
		counters: countersOf(database),
		registers: all.filter((register) => isWanted(register, left.has(register.subject))),
		documents: textsOf(database, left, since),
		...sendingOf(database, now - recent)
	};
}

/**
 * Everything a new replica needs but the messages. Drafts gone for more than 30 days and letters sent
 * longer ago are left out.
 */
const opening: Operation<undefined, Opening> = {
	mode: 'read',
	run: (database, _, { now }) => openingWith(database, now, 0, (_register, isForgotten) => !isForgotten)
};

/** What of a draft long gone a replica that may hold something of it must know: that it is, and whether it was sent. */
export const fieldsOfForgotten: readonly string[] = ['deleted', 'generation'] satisfies DraftField[];

/**
 * The opening for a replica that stands at the entry `since`: of the documents only those that changed since, and of
 * drafts gone for long that they are gone.
 */
const openingSince: Operation<{ readonly since: number }, Opening> = {
	mode: 'read',
	run: (database, { since }, { now }) =>
		openingWith(
			database,
			now,
			since,
			({ field }, isForgotten) => !isForgotten || fieldsOfForgotten.includes(field)
		)
};

export const openingOperations = { opening, 'opening-since': openingSince };
