import type { Cursor, Entry } from '#schema/space/entry.ts';
import type { Operation } from '../file-kind.ts';
import { appendEntry, type Decision } from './entry-log.ts';
import { spaceOf } from './space-row.ts';

/** What is to be appended to a space's log, and where the writer believes the log stands. */
export interface Append extends Decision {
	/** The fencing token: nothing is appended unless the log stands exactly here. */
	readonly fence: Cursor;
}

export type Appended =
	| { readonly kind: 'appended'; readonly entry: Entry }
	/** Somebody else wrote, or it is another history; `head` is where the log really stands. */
	| { readonly kind: 'fenced'; readonly head: Cursor };

/** Appends a decided entry and applies it, unless another writer came first. */
const append: Operation<Append, Appended> = {
	mode: 'write',
	run(database, { fence, ...decision }, context) {
		const { generation, head: seq } = spaceOf(database);
		if (fence.generation !== generation || fence.seq !== seq)
			return { kind: 'fenced', head: { generation, seq } };
		return { kind: 'appended', entry: appendEntry(database, context, decision) };
	}
};

export const appendOperations = { append };
