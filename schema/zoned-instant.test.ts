import { describe, expect, it } from 'vitest';
import { isZoneName, utc, zoneOf, zoneOffset } from './zoned-instant.ts';

describe('a zone', () => {
	it.each(['Asia/Shanghai', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5', 'UTC'])('is known: %s', (name) => {
		expect([isZoneName(name), zoneOf(name)]).toEqual([true, name]);
	});

	it('that was not told, or that nobody knows, is UTC', () => {
		expect([zoneOf(undefined), zoneOf('Mars/Olympus_Mons')]).toEqual([utc, utc]);
	});

	it.each(['', '+08:00', 'Asia/Shanghai\r\nBcc: x', '上海', 'x'.repeat(65)])('is no name: %j', (name) => {
		expect([isZoneName(name), zoneOf(name)]).toEqual([false, utc]);
	});

	it.each([
		['Asia/Shanghai', Date.UTC(2026, 6, 1), 480],
		['America/New_York', Date.UTC(2026, 0, 1), -300],
		['America/New_York', Date.UTC(2026, 6, 1), -240],
		['America/St_Johns', Date.UTC(2026, 6, 1), -150],
		['Asia/Kathmandu', Date.UTC(2026, 6, 1), 345],
		['UTC', Date.UTC(2026, 6, 1), 0]
	])('%s is so far from UTC, in minutes', (name, at, minutes) => {
		expect(zoneOffset({ at, zone: zoneOf(name) })).toBe(minutes);
	});
});
