import { describe, expect, it } from 'vitest';
import type { Summary } from '#schema/mail/summary.ts';
import { letterTimes } from './letter-times.ts';

const came = Date.UTC(2026, 10, 23, 9);
const minute = 60_000;

const timesOf = (sentAt: number | null) => letterTimes({ receivedAt: came, summary: { sentAt } as Summary });

describe('the times of a letter', () => {
	it('[2.2.2-a] are when it was sent, and when it came only where that is noticeably later or earlier', () => {
		expect(timesOf(came - 60 * minute)).toEqual({ sent: came - 60 * minute, arrived: null });
		expect(timesOf(came - 61 * minute)).toEqual({ sent: came - 61 * minute, arrived: came });
		expect(timesOf(came + 61 * minute)).toEqual({ sent: came + 61 * minute, arrived: came });
	});

	it('[2.2.2-a] are when it came, where it does not say when it was sent', () => {
		expect(timesOf(null)).toEqual({ sent: came, arrived: null });
	});
});
