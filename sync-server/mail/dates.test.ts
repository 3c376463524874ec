import { describe, expect, it } from 'vitest';
import { parseDate } from './dates.ts';

const read = (raw: string): string | null => {
	const instant = parseDate(raw);
	return instant === null ? null : new Date(instant).toISOString().replace('.000Z', 'Z');
};

describe('a date', () => {
	it.each([
		['Fri, 21 Nov 1997 09:55:06 -0600', '1997-11-21T15:55:06Z'],
		['21 Nov 97 09:55 GMT', '1997-11-21T09:55:00Z'],
		['Fri, 21 Nov 1997 09(comment):   55  :  06 -0600', '1997-11-21T15:55:06Z'],
		['Thu,\r\n 13 Feb 1969 23:32 -0330 (Newfoundland Time)', '1969-02-14T03:02:00Z'],
		['1 Jan 49 00:00:00 +0000', '2049-01-01T00:00:00Z'],
		['1 Jan 102 00:00:00 +0000', '2002-01-01T00:00:00Z'],
		['1 Jan 0102 00:00:00 +0000', '2002-01-01T00:00:00Z'],
		['Tue, 8 Mar 2005 17:40:36 EST', '2005-03-08T22:40:36Z'],
		['Tue, 8 Mar 2005 17:40:36 CST', '2005-03-08T23:40:36Z'],
		['Tue, 8 Mar 2005 17:40:36 Z', '2005-03-08T17:40:36Z'],
		['Tue, 8 Mar 2005 17:40:36 XYZ', '2005-03-08T17:40:36Z'],
		['Tue, 8 Mar 2005 17:40:36', '2005-03-08T17:40:36Z'],
		['Tue, 8 Mar 2005 5:40:36 PM +0800', '2005-03-08T09:40:36Z'],
		['Tue, 08-Mar-05 17.40.36 GMT+0800', '2005-03-08T09:40:36Z'],
		['Tue Mar  8 17:40:36 2005', '2005-03-08T17:40:36Z'],
		['Tue Mar  8 17:40:36 EST 2005', '2005-03-08T22:40:36Z'],
		['2005-03-08T17:40:36.123+08:00', '2005-03-08T09:40:36Z'],
		['2005-03-08 17:40:36', '2005-03-08T17:40:36Z'],
		['Sat, 30 Jun 2012 23:59:60 +0000', '2012-06-30T23:59:59Z'],
		['29 Feb 2023 00:00:00 +0000', null],
		['32 Jan 2023 00:00:00 +0000', null],
		['1 Foo 2023 00:00:00 +0000', null],
		['1 Jan 2023 24:00:00 +0000', null],
		['1 Jan 0001 00:00:00 +0000', null],
		['yesterday', null],
		['', null]
	])('[M14] %j is %j', (raw, expected) => {
		expect(read(raw)).toBe(expected);
	});
});
