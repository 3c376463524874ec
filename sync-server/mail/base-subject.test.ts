import { describe, expect, it } from 'vitest';
import { baseSubject } from './base-subject.ts';

describe('the base subject', () => {
	it.each([
		['Lunch', 'lunch', false],
		['  Lunch \t today ', 'lunch today', false],
		['Re: Lunch', 'lunch', true],
		['RE : re:Fwd: FW: Lunch', 'lunch', true],
		['Re[2]: Lunch', 'lunch', true],
		['Re(3): Lunch', 'lunch', true],
		['Re^2: Lunch', 'lunch', true],
		['Re2: Lunch', 'lunch', true],
		['AW: WG: SV: VS: Antw: TR: RV: Lunch', 'lunch', true],
		['回复：会议', '会议', true],
		['答复: 转发：回覆：轉寄: 会议', '会议', true],
		['Re：会议', '会议', true],
		['返信：転送: 会議', '会議', true],
		['[ilug] Re: Lunch', 'lunch', true],
		['Re: [ilug] Lunch', 'lunch', true],
		['[ilug] Lunch', 'lunch', false],
		['[a] [b] Lunch', 'lunch', false],
		['【公告】会议', '会议', false],
		['[ilug]', '[ilug]', false],
		['Re: [ilug]', '[ilug]', true],
		['Lunch (fwd)', 'lunch', true],
		['Lunch (fwd) (FWD)', 'lunch', true],
		['[Fwd: Lunch]', 'lunch', true],
		['[fwd: Re: [x] Lunch (fwd)]', 'lunch', true],
		['Re:', '', true],
		['', '', false],
		['Regarding: Lunch', 'regarding: lunch', false],
		['Re Lunch', 're lunch', false],
		['Ｌｕｎｃｈ', 'lunch', false]
	])('[M18] of %j is %j', (subject, text, isReply) => {
		expect(baseSubject(subject)).toEqual({ text, isReply });
	});

	it('[M2] of a subject of nothing but marks is found in bounded time', () => {
		expect(baseSubject('re: '.repeat(5000)).isReply).toBe(true);
		expect(baseSubject('[x] '.repeat(5000)).isReply).toBe(false);
	});
});
