import type { CommandId, DeviceId } from '#schema/ids.ts';
import type { DeliveryFact } from '#schema/mail/message.ts';
import type { CommandResult } from '#schema/protocol/messages.ts';
import { submissionDeliveries } from '#schema/tables/space.ts';
import { and, eq, type Database } from '../drizzle.ts';
import type { Operation } from '../file-kind.ts';
import { readAnswer, writeAnswer } from './answers.ts';
import { writeAudit } from './audit.ts';
import { appendEntry } from './entry-log.ts';
import { headOf } from './space-row.ts';

function isNews(database: Database, fact: DeliveryFact): boolean {
	const known = database
		.select()
		.from(submissionDeliveries)
		.where(
			and(
				eq(submissionDeliveries.submission, fact.submission),
				eq(submissionDeliveries.recipient, fact.recipient)
			)
		)
		.get();
	if (known === undefined) return true;
	const { state, status, detail, at } = fact;
	return at >= known.at && (state !== known.state || status !== known.status || detail !== known.detail);
}

function newsOf(database: Database, facts: readonly DeliveryFact[]) {
	const news = facts.filter((fact) => isNews(database, fact));
	return news.map((delivery) => ({ kind: 'delivery', delivery }) as const);
}

/**
 * Records what became of recipients, in one entry. What is known already, or is older than what is known,
 * is left out; so the queue may tell it again. Answers how many were news.
 */
const recordDeliveries: Operation<{ readonly facts: readonly DeliveryFact[] }, number> = {
	mode: 'write',
	run(database, { facts }, context) {
		const fence = headOf(database);
		const changes = newsOf(database, facts);
		if (changes.length > 0) appendEntry(database, context, { fence, act: null, origin: 'local', changes });
		return changes.length;
	}
};

/**
 * Records that a device has a letter sent again, to these recipients, and answers its command. A repeat of the
 * command changes nothing.
 */
const recordSentAgain: Operation<
	{ readonly command: CommandId; readonly device: DeviceId; readonly facts: readonly DeliveryFact[] },
	CommandResult
> = {
	mode: 'write',
	run(database, { command, device, facts }, context) {
		const stored = readAnswer(database, command);
		if (stored !== null) return stored;
		const fence = headOf(database);
		const changes = newsOf(database, facts);
		const detail = `recipients ${changes.length}`;
		const act = { edge: 'sync', device, action: 'send-again', detail } as const;
		// The queue did it first: where a crash kept its news from here, the act is noted all the same.
		if (changes.length === 0) writeAudit(database, act, null, context.now);
		else appendEntry(database, context, { fence, act, origin: 'local', changes });
		const result: CommandResult = { kind: 'done' };
		writeAnswer(database, command, result, context.now);
		return result;
	}
};

export const deliveryOperations = {
	'record-deliveries': recordDeliveries,
	'record-sent-again': recordSentAgain
};
