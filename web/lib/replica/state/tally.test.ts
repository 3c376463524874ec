import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnBlock, flagBits, keywordBit } from './column-block.ts';
import { MailboxDictionary } from './mailbox-dictionary.ts';
import { addCounters, Tally } from './tally.ts';

const dictionary = new MailboxDictionary();
const [inbox, trash] = [dictionary.ids.indexOf('inbox' as never), dictionary.ids.indexOf('trash' as never)];
const held = flagBits.held;

describe('a tally', () => {
	it('[R70] counts mailboxes, and views over all but Trash and Junk', () => {
		const tally = new Tally(dictionary);
		tally.add(held | keywordBit('$important'), inbox);
		tally.add(held | keywordBit('$seen'), inbox);
		tally.add(held | keywordBit('$important'), trash);
		tally.add(held | flagBits.withdrawn, inbox);
		tally.add(0, inbox);
		expect(tally.counters()).toEqual({
			inbox: { total: 2, unread: 1 },
			trash: { total: 1, unread: 1 },
			important: { total: 1, unread: 1 }
		});
	});

	it('[R70] is the same counted whole or message by message, and nothing once all is counted out', () => {
		const flags = fc.integer({ min: 0, max: 511 });
		const mailboxes = fc.integer({ min: 0, max: dictionary.ids.length - 1 });
		fc.assert(
			fc.property(fc.array(fc.tuple(flags, mailboxes), { maxLength: 50 }), (messages) => {
				const block = columnBlock();
				const single = new Tally(dictionary);
				messages.forEach(([flag, mailbox], place) => {
					block.flags[place] = flag;
					block.mailboxes[place] = mailbox;
					single.add(flag, mailbox);
				});
				const whole = new Tally(dictionary);
				whole.addBlock(block);
				expect(whole.counters()).toEqual(single.counters());
				for (const [flag, mailbox] of messages) single.add(flag, mailbox, -1);
				expect(single.counters()).toEqual({});
			})
		);
	});

	it('[R70] adds and takes away totals by name', () => {
		const left = { inbox: { total: 3, unread: 1 } };
		const right = { inbox: { total: 1, unread: 1 }, sent: { total: 2, unread: 0 } };
		expect(addCounters(left, right)).toEqual({
			inbox: { total: 4, unread: 2 },
			sent: { total: 2, unread: 0 }
		});
		expect(addCounters(left, right, -1).inbox).toEqual({ total: 2, unread: 0 });
	});
});
