import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { li } from '../trial/people.ts';
import { composedLetter } from './submission.ts';

const letter = {
	...{ from: li, to: [li], cc: [], bcc: [], subject: 'Lunch', html: '<p>At noon?</p>' },
	...{ inReplyTo: null, references: [], attachments: [], date: 1_700_000_000_000 }
};

describe('the zone of a letter', () => {
	it.each(['Asia/Shanghai', 'Mars/Olympus_Mons'])('[Q49] is one that may be: %s', (zone) => {
		expect(v.parse(composedLetter, { ...letter, zone })).toEqual({ ...letter, zone });
	});

	it.each(['', '+08:00', 'x'.repeat(65), 'a\r\nb', 8])('[Q49] is nothing else: %j', (zone) => {
		expect(v.is(composedLetter, { ...letter, zone })).toBe(false);
	});

	it('[Q49] is not told by a device of before, whose letter stays as it is', () => {
		expect(v.parse(composedLetter, letter)).toEqual(letter);
		expect('zone' in v.parse(composedLetter, letter)).toBe(false);
	});
});
