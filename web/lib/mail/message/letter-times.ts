import type { MessageRow } from '#lib/projection/mail-projection.ts';

/** From so much on a letter's two dates differ enough for its list, which goes by arrival, to seem wrong; milliseconds. */
const noticeable = 60 * 60 * 1000;

/** What an opened letter says of its time. */
export interface LetterTimes {
	/** When it was sent, as its Date header says; when it came, where that says nothing. */
	readonly sent: number;
	/** When it came, where that is noticeably not when it was sent: it was held up, or a clock was wrong. */
	readonly arrived: number | null;
}

/** The times of a letter, milliseconds UTC. The list goes by arrival alone, since anybody can write any date. */
export function letterTimes({
	summary,
	receivedAt
}: Pick<MessageRow, 'summary' | 'receivedAt'>): LetterTimes {
	const sent = summary.sentAt ?? receivedAt;
	return { sent, arrived: Math.abs(receivedAt - sent) > noticeable ? receivedAt : null };
}
