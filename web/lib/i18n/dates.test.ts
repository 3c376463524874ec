import { describe, expect, it } from 'vitest';
import { dateFormats, dayGroup, dayStart, groupStart } from './dates.ts';

const now = new Date(2026, 8, 16, 11, 0).getTime(); // Wednesday
const at = (year: number, month: number, day: number, hour = 10, minute = 24) =>
	new Date(year, month - 1, day, hour, minute).getTime();

describe('[4.4.1-a] dates as the screen writes them', () => {
	const chinese = dateFormats('zh-CN');
	const english = dateFormats('en');

	it('writes rows in Chinese as 10:24, 周二, 9月9日, 2025年9月9日', () => {
		expect(chinese.short(at(2026, 9, 16), now)).toBe('10:24');
		expect(chinese.short(at(2026, 9, 15), now)).toBe('周二');
		expect(chinese.short(at(2026, 9, 9), now)).toBe('9月9日');
		expect(chinese.short(at(2025, 9, 9), now)).toBe('2025年9月9日');
	});

	it('writes rows in English as 10:24, Tue, 9 Sep, 9 Sep 2025', () => {
		expect(english.short(at(2026, 9, 16), now)).toBe('10:24');
		expect(english.short(at(2026, 9, 15), now)).toBe('Tue');
		expect(english.short(at(2026, 9, 9), now)).toBe('9 Sep');
		expect(english.short(at(2025, 9, 9), now)).toBe('9 Sep 2025');
	});

	it('writes the day and the time in full', () => {
		expect(chinese.long(at(2026, 9, 16), now)).toBe('今天 10:24');
		expect(chinese.long(at(2026, 9, 15), now)).toBe('昨天 10:24');
		expect(chinese.long(at(2026, 9, 9), now)).toBe('9月9日 10:24');
		expect(english.long(at(2025, 9, 9), now)).toBe('9 Sep 2025 10:24');
	});

	it('does not call tomorrow today', () => {
		expect(chinese.short(at(2026, 9, 17, 0, 0), now)).toBe('9月17日');
		expect(chinese.long(at(2026, 9, 17, 0, 0), now)).toBe('9月17日 00:00');
	});

	it('heads groups of rows by today, yesterday, this week and months', () => {
		expect(dayGroup(at(2026, 9, 16), now)).toEqual({ kind: 'today' });
		expect(dayGroup(at(2026, 9, 15), now)).toEqual({ kind: 'yesterday' });
		expect(dayGroup(at(2026, 9, 14, 0, 0), now)).toEqual({ kind: 'week' });
		expect(dayGroup(at(2026, 9, 13, 23, 59), now)).toEqual({ kind: 'month', month: '2026-09' });
		expect(chinese.group({ kind: 'month', month: '2026-09' }, now)).toBe('9月');
		expect(chinese.group({ kind: 'month', month: '2025-08' }, now)).toBe('2025年8月');
		expect(english.group({ kind: 'today' }, now)).toBe('Today, Wed 16 Sep');
	});

	it('begins a group at the first instant that belongs to it', () => {
		for (const instant of [
			at(2026, 9, 16),
			at(2026, 9, 15),
			at(2026, 9, 14),
			at(2026, 8, 3),
			at(2024, 2, 29)
		]) {
			const start = groupStart(instant, now);
			expect(dayGroup(start, now)).toEqual(dayGroup(instant, now));
			expect(dayGroup(start - 1, now)).not.toEqual(dayGroup(instant, now));
		}
		expect(groupStart(now + 90_000_000, now)).toBe(dayStart(now));
	});
});
