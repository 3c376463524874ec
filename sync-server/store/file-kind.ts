import type { RandomBytes } from '#schema/ids.ts';
import type { Database } from './drizzle.ts';
import type { StoreEvent } from './event.ts';
import type { Migration } from './migration.ts';

export type { Database } from './drizzle.ts';

/** What an operation may know besides the file and its input; so that it is the same when run again. */
export interface OperationContext {
	/** Server time, milliseconds UTC. */
	readonly now: number;
	readonly random: RandomBytes;
	/** Tells everybody, but only once and if the transaction is committed. */
	readonly emit: (event: StoreEvent) => void;
}

/**
 * Something that can be asked of a file. Runs synchronously in the file's writer thread; input and answer are
 * copied between threads (structured clone). Throwing undoes what it wrote, and nothing else.
 */
export interface Operation<Input, Answer> {
	readonly mode: 'read' | 'write';
	run(database: Database, input: Input, context: OperationContext): Answer;
}

/** Operations by name. */
export type Operations = Readonly<Record<string, Operation<never, unknown>>>;

/** A kind of file: how its tables come to be and what can be asked of it. */
export interface FileKind<Known extends Operations = Operations, Name extends string = string> {
	readonly name: Name;
	/** Ascending by version, from 1 without gaps. */
	readonly migrations: readonly Migration[];
	readonly operations: Known;
	/** The one operation that may make a file; where it is not given, any operation does. */
	readonly createdBy?: string;
	/** Somebody outside waits for each of its commits, so its files need not wait for every other file's turn. */
	readonly urgent?: boolean;
}

/** Names a kind of file; infers the types of its operations. */
export function fileKind<const Name extends string, Known extends Operations>(
	kind: FileKind<Known, Name>
): FileKind<Known, Name> {
	return kind;
}

/** What the operation takes. */
export type InputOf<Asked> = Asked extends {
	run(database: Database, input: infer Input, ...rest: never): unknown;
}
	? Input
	: never;

/** What the operation answers. */
export type AnswerOf<Asked> = Asked extends { run(...parameters: never): infer Answer } ? Answer : never;
