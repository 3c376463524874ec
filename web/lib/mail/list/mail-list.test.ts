import { describe, expect, it } from 'vitest';
import { systemMailbox } from '#schema/mail/mailbox.ts';
import type { MailProjection, MessageState } from '#lib/projection/mail-projection.ts';
import { MailReads } from '../mail-reads.ts';
import { MailList } from './mail-list.svelte.ts';

const state = (fields: Partial<MessageState>): MessageState => ({
	mailbox: systemMailbox('inbox'),
	seen: false,
	flagged: false,
	important: false,
	done: false,
	answered: false,
	forwarded: false,
	hasAttachments: false,
	receivedAt: 0,
	thread: 0,
	...fields
});

/** A projection over a fixed set of messages: lists ask it only for its order and states. */
function listOf(messages: Record<number, Partial<MessageState>>): MailList {
	const order = Uint32Array.from(Object.keys(messages).map(Number)).reverse();
	const projection: MailProjection = {
		subscribe: () => () => undefined,
		order: () => order,
		counter: () => ({ total: order.length, unread: 0 }),
		state: (arrival) => (messages[arrival] === undefined ? undefined : state(messages[arrival])),
		row: () => undefined,
		loadRows: () => Promise.resolve(),
		threadOf: (arrival) => [arrival],
		backfill: () => ({ held: order.length, total: order.length }),
		close: () => undefined
	};
	return new MailList(new MailReads(projection), { kind: 'mailbox', mailbox: systemMailbox('inbox') });
}

describe('a folder’s list', () => {
	const list = listOf({
		1: { seen: true },
		2: { flagged: true },
		3: { hasAttachments: true, seen: true },
		4: { done: true }
	});

	it('walks from row to row and stops at the ends', () => {
		expect(list.neighbour(null, 1)).toBe(4);
		expect(list.neighbour(4, 1)).toBe(3);
		expect(list.neighbour(4, -1)).toBe(4);
		expect(list.neighbour(1, 1)).toBe(1);
		expect(listOf({}).neighbour(null, 1)).toBeNull();
	});

	it('[2.2.5-a] goes on with the next message after a removal, with the one before at the end', () => {
		expect(list.afterRemoving(new Set([4, 3]), 4)).toBe(2);
		expect(list.afterRemoving(new Set([1]), 1)).toBe(2);
		expect(list.afterRemoving(new Set([1, 2, 3, 4]), 2)).toBeNull();
	});

	it('[2.2.1-a] selects all of a kind', () => {
		const selected = (kind: Parameters<MailList['select']>[0]) => {
			list.select(kind);
			return [...list.selection.arrivals].sort();
		};
		expect(selected('all')).toEqual([1, 2, 3, 4]);
		expect(selected('unread')).toEqual([2, 4]);
		expect(selected('read')).toEqual([1, 3]);
		expect(selected('followup')).toEqual([2]);
		expect(selected('done')).toEqual([4]);
		expect(selected('attachments')).toEqual([3]);
	});
});
