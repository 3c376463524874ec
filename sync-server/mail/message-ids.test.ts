import { describe, expect, it } from 'vitest';
import type { HeaderFields } from './header-block.ts';
import { messageId, messageIds, repliedIds } from './message-ids.ts';
import { threadKeysOf } from './message-summary.ts';

describe('message identifiers', () => {
	it.each([
		['<a@b> <c@d>', ['a@b', 'c@d']],
		['<a@b><c@d>,<e@f>', ['a@b', 'c@d', 'e@f']],
		['Your message of <a@b>', ['a@b']],
		['<1234   @   local(blah)  .machine .example>', ['1234@local.machine.example']],
		['<"joe"@example.org>', ['joe@example.org']],
		['a@b c@d', ['a@b', 'c@d']],
		['no identifier', []],
		['<>', []],
		['<a b\t@c>', ['ab@c']]
	])('[M19] in %j are %j', (raw, ids) => {
		expect(messageIds(raw)).toEqual(ids);
	});

	it('[M19] of a message may lack brackets or an at sign', () => {
		expect(['<a@b>', 'a@b', '<abc>', 'abc', ''].map(messageId)).toEqual(['a@b', 'a@b', 'abc', 'abc', '']);
	});

	it('[M19] are not the address of the one who is replied to', () => {
		const obsolete = 'Message from Ann Lee <ann@example.org> of "28 Aug 2002" <id@host.example>';
		expect(repliedIds(obsolete)).toEqual(['id@host.example']);
		expect(repliedIds('<id@host.example> from Ann <ann@example.org>')).toEqual(['id@host.example']);
		expect(repliedIds('from <only@host.example>')).toEqual(['only@host.example']);
	});
});

describe('the keys of a thread', () => {
	const fields = (entries: Record<string, string>): HeaderFields =>
		new Map(Object.entries(entries).map(([name, value]) => [name, [value]]));

	it('[M19] name each reference once, oldest first, In-Reply-To last, never the message itself', () => {
		const keys = threadKeysOf(
			fields({
				'message-id': '<d@x>',
				references: '<a@x> <b@x> <a@x> <d@x>',
				'in-reply-to': '<b@x> <c@x>'
			}),
			'Re: Lunch'
		);
		expect(keys).toEqual({
			messageId: 'd@x',
			references: ['a@x', 'b@x', 'c@x'],
			baseSubject: 'lunch',
			isReply: true
		});
	});

	it('[M19] hold the root and the newest of very many', () => {
		const ids = Array.from({ length: 500 }, (_, number) => `<${String(number)}@x>`);
		const { references } = threadKeysOf(fields({ references: ids.join(' ') }), '');
		expect(references).toHaveLength(100);
		expect([references[0], references[1], references.at(-1)]).toEqual(['0@x', '401@x', '499@x']);
	});
});
