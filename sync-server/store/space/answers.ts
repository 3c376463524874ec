import type { CommandId } from '#schema/ids.ts';
import { isPassing, type RefusalCode } from '#schema/protocol/codes.ts';
import { decodeAny, encodeAny } from '#schema/protocol/frames.ts';
import type { CommandResult } from '#schema/protocol/messages.ts';
import { answers } from '#schema/tables/space.ts';
import { eq, type Database } from '../drizzle.ts';
import type { Operation } from '../file-kind.ts';

/** The stored answer of a command; null where it was not answered yet. */
export function readAnswer(database: Database, command: CommandId): CommandResult | null {
	const row = database
		.select({ result: answers.result })
		.from(answers)
		.where(eq(answers.command, command))
		.get();
	// Written by `writeAnswer` alone.
	return row === undefined ? null : (decodeAny(row.result) as CommandResult);
}

/** Stores the answer of a command for its repeats, in the transaction that carries it out. */
export function writeAnswer(database: Database, command: CommandId, result: CommandResult, at: number): void {
	database
		.insert(answers)
		.values({ command, result: Buffer.from(encodeAny(result)), at })
		.run();
}

/** A command that is not carried out, for a reason that was found before its space was asked. */
export interface Refusing {
	readonly command: CommandId;
	readonly code: RefusalCode;
	readonly detail: string;
}

/**
 * Refuses a command. What is final is stored, unless the command has an answer already, which is then given; what
 * may pass is stored nowhere, so that the same command can be tried again.
 */
const refuse: Operation<Refusing, CommandResult> = {
	mode: 'write',
	run(database, { command, code, detail }, { now }) {
		const stored = readAnswer(database, command);
		if (stored !== null) return stored;
		const result: CommandResult = { kind: 'refused', code, detail };
		if (!isPassing(code)) writeAnswer(database, command, result, now);
		return result;
	}
};

/** The stored answer of a command; null where it was not answered here. */
const answerOf: Operation<{ readonly command: CommandId }, CommandResult | null> = {
	mode: 'read',
	run: (database, { command }) => readAnswer(database, command)
};

export const answerOperations = { 'answer-of': answerOf, refuse };
