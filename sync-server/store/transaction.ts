import type { RandomBytes } from '#schema/ids.ts';
import type { Connection } from './connection.ts';
import { joinedEvents, type StoreEvent } from './event.ts';
import type { Operation } from './file-kind.ts';
import type { OpenFile } from './open-file.ts';
import { failureOf, isFull, type StoreFailure } from './store-error.ts';

/** An operation somebody waits for. */
export interface Call {
	readonly operation: Operation<never, unknown>;
	readonly input: unknown;
}

export type Outcome =
	| { readonly kind: 'answered'; readonly answer: unknown }
	| { readonly kind: 'failed'; readonly failure: StoreFailure };

/** What became of calls that ran together; the events are committed. */
export interface Outcomes {
	/** One for each call, in their order. */
	readonly outcomes: readonly Outcome[];
	readonly events: readonly StoreEvent[];
	readonly commits: number;
	/** Whether the connection must not be used again. */
	readonly broken: boolean;
}

/** Where operations get time and chance from. */
export interface Surroundings {
	readonly clock: () => number;
	readonly random: RandomBytes;
}

/** What is thrown when a whole transaction is gone and not one operation of it. */
class TransactionLost extends Error {
	override readonly cause: unknown;

	constructor(cause: unknown) {
		super('the transaction is lost');
		this.cause = cause;
	}
}

function runOne(file: OpenFile, call: Call, events: StoreEvent[], { clock, random }: Surroundings): Outcome {
	const context = { now: clock(), random, emit: (event: StoreEvent) => events.push(event) };
	// The input was checked against the operation's type where the call was made.
	return { kind: 'answered', answer: call.operation.run(file.database, call.input as never, context) };
}

/** Runs one operation inside the open transaction, such that its failing undoes only its own writes. */
function runInSavepoint(
	file: OpenFile,
	call: Call,
	events: StoreEvent[],
	surroundings: Surroundings
): Outcome {
	const connection = file.database.$client;
	const eventsBefore = events.length;
	connection.exec('SAVEPOINT operation');
	try {
		const outcome = runOne(file, call, events, surroundings);
		connection.exec('RELEASE operation');
		return outcome;
	} catch (error) {
		events.length = eventsBefore;
		if (!connection.inTransaction) throw new TransactionLost(error);
		connection.exec('ROLLBACK TO operation');
		connection.exec('RELEASE operation');
		return { kind: 'failed', failure: failureOf(error) };
	}
}

/** Commits what these outcomes are of. */
function committed(
	connection: Connection,
	outcomes: readonly Outcome[],
	events: readonly StoreEvent[]
): Outcomes {
	try {
		connection.exec('COMMIT');
	} catch (error) {
		throw new TransactionLost(error);
	}
	return { outcomes, events: joinedEvents(events), commits: 1, broken: false };
}

/** Undoes an open transaction, if the engine has not already; false where even that failed. */
function rolledBack(connection: Connection): boolean {
	try {
		if (connection.inTransaction) connection.exec('ROLLBACK');
		return true;
	} catch {
		// The caller closes the file; opening it again recovers the last commit.
		return false;
	}
}

function runTogether(file: OpenFile, calls: readonly Call[], surroundings: Surroundings): Outcomes {
	const connection = file.database.$client;
	const events: StoreEvent[] = [];
	connection.exec('BEGIN IMMEDIATE');
	const outcomes = calls.map((call) => runInSavepoint(file, call, events, surroundings));
	return committed(connection, outcomes, events);
}

/** The same with no savepoint, which costs as much as a small operation; null, and nothing is written, where one throws. */
function runUnguarded(file: OpenFile, calls: readonly Call[], surroundings: Surroundings): Outcomes | null {
	const connection = file.database.$client;
	const events: StoreEvent[] = [];
	const outcomes: Outcome[] = [];
	connection.exec('BEGIN IMMEDIATE');
	try {
		for (const call of calls) outcomes.push(runOne(file, call, events, surroundings));
	} catch (error) {
		if (!rolledBack(connection)) throw new TransactionLost(error);
		return null;
	}
	return committed(connection, outcomes, events);
}

function runRead(file: OpenFile, call: Call, surroundings: Surroundings): Outcome {
	try {
		return runOne(file, call, [], surroundings);
	} catch (error) {
		return { kind: 'failed', failure: failureOf(error) };
	}
}

function runReads(file: OpenFile, calls: readonly Call[], surroundings: Surroundings): Outcomes {
	const outcomes = calls.map((call) => runRead(file, call, surroundings));
	return { outcomes, events: [], commits: 0, broken: false };
}

function allFailed(calls: readonly Call[], error: unknown, broken: boolean): Outcomes {
	const failure = failureOf(error);
	return { outcomes: calls.map(() => ({ kind: 'failed', failure })), events: [], commits: 0, broken };
}

/** Runs each call by itself, so that one too large for the room left doesn't take the others with it. */
function runApart(file: OpenFile, calls: readonly Call[], surroundings: Surroundings): Outcomes {
	const parts = calls.map((call) => runCalls(file, [call], surroundings));
	return {
		outcomes: parts.flatMap(({ outcomes }) => outcomes),
		events: parts.flatMap(({ events }) => events),
		commits: parts.reduce((sum, { commits }) => sum + commits, 0),
		broken: parts.some(({ broken }) => broken)
	};
}

/**
 * Runs the calls that wait for a file in one transaction and commits: group commit. An answer exists only after
 * the commit. One that throws loses only its own writes: the transaction is undone and all run again, each in a
 * savepoint. Where the disk is full each is tried by itself, and those that do not fit fail with `full`. Any
 * other loss of the transaction fails them all and the file has to be opened anew, because its state on the
 * disk is not known.
 */
export function runCalls(file: OpenFile, calls: readonly Call[], surroundings: Surroundings): Outcomes {
	if (calls.every(({ operation }) => operation.mode === 'read')) return runReads(file, calls, surroundings);
	try {
		return runUnguarded(file, calls, surroundings) ?? runTogether(file, calls, surroundings);
	} catch (error) {
		const cause = error instanceof TransactionLost ? error.cause : error;
		const isUndone = rolledBack(file.database.$client);
		if (!isUndone || !isFull(cause)) return allFailed(calls, cause, true);
		return calls.length === 1 ? allFailed(calls, cause, false) : runApart(file, calls, surroundings);
	}
}
