import type { Entry } from '#schema/space/entry.ts';
import { fileKind, type Operation } from '../file-kind.ts';
import { appendEntry, type Append } from '../space/entry-log.ts';
import { spaceKind } from '../space/kind.ts';
import { joinByIds } from './space.ts';

/** Appends what the test decided, at the fence that it names; every operation of a space appends the same way. */
const append: Operation<Append, Entry> = {
	mode: 'write',
	run: (database, given, context) => appendEntry(database, context, given)
};

const known = spaceKind(joinByIds);

/** A space that can also be asked to append by itself. */
export const appendableSpaceKind = fileKind({ ...known, operations: { ...known.operations, append } });
