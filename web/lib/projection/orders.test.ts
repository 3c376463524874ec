import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnBlock, flagBits, keywordBit } from '#lib/replica/state/column-block.ts';
import { MailboxDictionary } from '#lib/replica/state/mailbox-dictionary.ts';
import { systemMailbox } from '#schema/mail/mailbox.ts';
import { membershipOf, orderOf, withMessage, withoutMessage } from './orders.ts';
import { ShownColumns } from './shown-columns.ts';

function shownOf(
	dates: readonly number[],
	flags: readonly number[] = dates.map(() => flagBits.held)
): ShownColumns {
	const block = columnBlock();
	dates.forEach((date, place) => {
		block.dates[place] = date;
		block.flags[place] = flags[place] ?? 0;
	});
	const shown = new ShownColumns();
	shown.reset(new Map([[0, block]]));
	return shown;
}

const dictionary = new MailboxDictionary();
const inbox = membershipOf({ kind: 'mailbox', mailbox: systemMailbox('inbox') }, dictionary);
const dates = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 40 });

describe('orders', () => {
	it('[R71] are newest first by date, then by arrival', () => {
		fc.assert(
			fc.property(dates, (days) => {
				const expected = days
					.map((date, arrival) => ({ date, arrival }))
					.sort((left, right) => right.date - left.date || right.arrival - left.arrival);
				expect([...orderOf(shownOf(days), inbox)]).toEqual(expected.map(({ arrival }) => arrival));
			})
		);
	});

	it('[R71] are sorted the same where arrival numbers are large', () => {
		const shown = new ShownColumns();
		const block = columnBlock();
		block.flags.fill(flagBits.held, 0, 3);
		block.dates.set([5, 9, 5]);
		shown.reset(new Map([[2100, block]]));
		expect([...orderOf(shown, inbox)]).toEqual([2_100_001, 2_100_002, 2_100_000]);
	});

	it('[R71] with a message put in or taken out are as if made anew', () => {
		fc.assert(
			fc.property(dates, fc.nat(), (days, which) => {
				fc.pre(days.length > 0);
				const arrival = which % days.length;
				const all = shownOf(days);
				const without = shownOf(
					days,
					days.map((_, index) => (index === arrival ? 0 : flagBits.held))
				);
				const [whole, shrunk] = [orderOf(all, inbox), orderOf(without, inbox)];
				expect(withMessage(shrunk, all.dates, arrival)).toEqual(whole);
				expect(withoutMessage(whole, all.dates, arrival)).toEqual(shrunk);
				expect(withMessage(whole, all.dates, arrival)).toBe(whole);
				expect(withoutMessage(shrunk, all.dates, arrival)).toBe(shrunk);
			})
		);
	});

	it('[R70] of a view leave out Trash, Junk and what is withdrawn', () => {
		const important = membershipOf({ kind: 'keyword', view: 'important' }, dictionary);
		const flags = flagBits.held | keywordBit('$important');
		const number = (role: 'inbox' | 'trash' | 'junk') => dictionary.numberOf(systemMailbox(role)) ?? -1;
		expect(important(flags, number('inbox'))).toBe(true);
		expect(important(flags, number('trash'))).toBe(false);
		expect(important(flags, number('junk'))).toBe(false);
		expect(important(flags | flagBits.withdrawn, number('inbox'))).toBe(false);
		expect(important(flagBits.held, number('inbox'))).toBe(false);
	});
});
