import { expect, it } from 'vitest';
import type { SpaceId } from '#schema/ids.ts';
import type { Core } from '../core.ts';
import type { ParserPool } from '../mail/parser-pool.ts';
import { importMessages } from './importing.ts';
import { inOrder, type SourceMessage } from './source.ts';

const target = { space: 'space' as SpaceId, address: 'li@x.example', maxBytes: 100, now: 0 };

/** Nothing is placed, since no message can be taken. */
const core = { space: () => ({ call: () => Promise.resolve([]) }) } as unknown as Core;
const parser = {} as Pick<ParserPool, 'parse'>;

it('says of each message that could not be taken what the system said', async () => {
	const message = (origin: string, size: number, error: Error): SourceMessage => {
		const read = () => Promise.reject(error);
		return { origin, size, receivedAt: 0, mailbox: 'inbox', keywords: [], read };
	};
	const source = inOrder([
		message('a', 1, Object.assign(new Error('EMFILE: too many open files, open a'), { code: 'EMFILE' })),
		message('b', 1, new Error('it is torn')),
		message('c', 101, new Error('not read at all'))
	]);
	const { failed } = await importMessages(core, parser, source, target, () => undefined);
	expect(failed.toSorted((left, right) => (left.origin < right.origin ? -1 : 1))).toEqual([
		{ origin: 'a', reason: 'unreadable', cause: 'EMFILE' },
		{ origin: 'b', reason: 'unreadable', cause: 'it is torn' },
		{ origin: 'c', reason: 'too-large' }
	]);
});
