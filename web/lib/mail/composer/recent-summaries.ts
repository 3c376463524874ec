import { systemMailbox } from '#schema/mail/mailbox.ts';
import type { Summary } from '#schema/mail/summary.ts';
import type { MailProjection } from '#lib/projection/mail-projection.ts';

/** How many letters of each mailbox tell whom one writes to. */
const depth = 400;

/** The latest letters sent and received that this device holds, newest first. */
export async function recentSummaries(mail: MailProjection): Promise<Summary[]> {
	const latest = (['sent', 'inbox', 'archive'] as const).flatMap((role) => [
		...mail.order({ kind: 'mailbox', mailbox: systemMailbox(role) }).subarray(0, depth)
	]);
	latest.sort((left, right) => right - left);
	await mail.loadRows(latest);
	return latest.flatMap((arrival) => {
		const row = mail.row(arrival);
		return row === undefined ? [] : [row.summary];
	});
}
