import type { CommandId } from '#schema/ids.ts';
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

/** The stored answer of a command; null where it was not answered here. */
const answerOf: Operation<{ readonly command: CommandId }, CommandResult | null> = {
	mode: 'read',
	run: (database, { command }) => readAnswer(database, command)
};

export const answerOperations = { 'answer-of': answerOf };
