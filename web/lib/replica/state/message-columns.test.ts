import { describe, expect, it } from 'vitest';
import type { MailboxId } from '#schema/ids.ts';
import { systemMailbox } from '#schema/mail/mailbox.ts';
import { rangesOf } from '#schema/docs/ranges.ts';
import { columnBlock, flagBits, keywordBit, type ColumnBlock } from './column-block.ts';
import { MessageColumns } from './message-columns.ts';

const seen = keywordBit('$seen');

/** A block whose first messages are held, unread and in the inbox. */
function heldBlock(count: number): ColumnBlock {
	const block = columnBlock();
	block.flags.fill(flagBits.held, 0, count);
	return block;
}

function columnsOf(blocks: Record<number, ColumnBlock>): MessageColumns {
	const columns = new MessageColumns();
	columns.confirm(new Map(Object.entries(blocks).map(([number, block]) => [Number(number), block])));
	return columns;
}

const write = (arrivals: number[], field: string, value: boolean | string) => ({
	arrivals: rangesOf(arrivals),
	field,
	value
});

describe('message columns', () => {
	it('[R11] lay pending writes over confirmed state, and say whose state changed', () => {
		const columns = columnsOf({ 0: heldBlock(10), 1: heldBlock(10) });
		expect(columns.overlay(new Map([[1, write([3, 4, 1002], '$seen', true)]]))).toEqual(
			rangesOf([3, 4, 1002])
		);
		expect(columns.row(3)?.flags).toBe(flagBits.held | seen);
		expect(columns.row(1002)?.flags).toBe(flagBits.held | seen);
		expect(columns.confirmed(0)?.flags[3]).toBe(flagBits.held);
		expect(columns.overlay(new Map([[2, write([3], '$seen', true)]]))).toEqual([]);
		expect(columns.uncover([1])).toEqual(rangesOf([4, 1002]));
		expect(columns.row(3)?.flags).toBe(flagBits.held | seen);
	});

	it('[R11] put the later write on top, whichever was heard of first', () => {
		const columns = columnsOf({ 0: heldBlock(1) });
		columns.overlay(new Map([[8, write([0], 'mailbox', 'trash')]]));
		columns.overlay(new Map([[7, write([0], 'mailbox', 'archive')]]));
		expect(columns.row(0)?.mailbox).toBe('trash');
	});

	it('[R11] lay a write over a message that is downloaded after it', () => {
		const columns = columnsOf({ 0: heldBlock(0) });
		columns.overlay(new Map([[1, write([5], '$flagged', true)]]));
		expect(columns.row(5)).toBeUndefined();
		expect(columns.confirm(new Map([[0, heldBlock(6)]]))).toEqual([0, 6]);
		expect(columns.row(5)?.flags).toBe(flagBits.held | keywordBit('$flagged'));
	});

	it('[R34] hide what was removed for good until the server has answered', () => {
		const columns = columnsOf({ 0: heldBlock(3) });
		expect(columns.hide(new Map([['command', [1, 1]]]))).toEqual([1, 1]);
		expect(columns.row(1)).toBeUndefined();
		expect(columns.hide(new Map())).toEqual([1, 1]);
		expect(columns.row(1)?.mailbox).toBe(systemMailbox('inbox'));
	});

	it('[R10] tell which of some messages have another value of a field, by the value they have', () => {
		const columns = columnsOf({ 0: heldBlock(6), 3: heldBlock(2) });
		columns.dictionary = columns.dictionary.with(['projects' as MailboxId]);
		columns.overlay(
			new Map([
				[1, write([1, 3001], '$seen', true)],
				[2, write([2], 'mailbox', 'projects')],
				[3, write([4, 5], 'mailbox', 'trash')]
			])
		);
		const asked = [3001, 5, 4, 2, 1, 0, 0, 7, 2000, 9_999_999];
		expect(columns.otherThan(true, '$seen', asked)).toEqual([
			{ value: false, arrivals: rangesOf([0, 2, 4, 5]) }
		]);
		expect(columns.otherThan(false, '$seen', asked)).toEqual([
			{ value: true, arrivals: rangesOf([1, 3001]) }
		]);
		expect(columns.otherThan('trash', 'mailbox', asked)).toEqual([
			{ value: 'inbox', arrivals: rangesOf([0, 1, 3001]) },
			{ value: 'projects', arrivals: rangesOf([2]) }
		]);
		expect(columns.otherThan('trash', 'mailbox', [4, 5, 6])).toEqual([]);
	});

	it('[R11] share one block where nothing lies over it', () => {
		const block = heldBlock(2);
		const columns = columnsOf({ 0: block });
		expect(columns.blocks.get(0)).toBe(block);
		columns.overlay(new Map([[1, write([0], '$seen', true)]]));
		expect(columns.blocks.get(0)).not.toBe(block);
		columns.uncover([1]);
		expect(columns.blocks.get(0)).toBe(block);
	});

	it('[R41] refuse a buffer that is no block', () => {
		expect(() => columnBlock(new ArrayBuffer(5))).toThrow(RangeError);
	});
});
