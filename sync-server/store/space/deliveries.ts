import type { CommandId } from '#schema/ids.ts';
import type { DeliveryFact } from '#schema/mail/message.ts';
import type { CommandResult } from '#schema/protocol/messages.ts';
import { submissionDeliveries } from '#schema/tables/space.ts';
import { and, eq, type Database } from '../drizzle.ts';
import type { Operation } from '../file-kind.ts';
import { writeAnswer } from './answers.ts';
import { appendEntry } from './entry-log.ts';

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

/**
 * Records what became of recipients, in one entry. What is known already, or is older than what is known,
 * is left out; so the queue may tell it again. Answers how many were news.
 */
const recordDeliveries: Operation<
	{
		readonly facts: readonly DeliveryFact[];
		/** The command that brought them about, and what it is answered from now on. */
		readonly answer?: { readonly command: CommandId; readonly result: CommandResult };
	},
	number
> = {
	mode: 'write',
	run(database, { facts, answer }, context) {
		if (answer !== undefined) writeAnswer(database, answer.command, answer.result, context.now);
		const news = facts.filter((fact) => isNews(database, fact));
		const changes = news.map((delivery) => ({ kind: 'delivery', delivery }) as const);
		if (changes.length > 0) appendEntry(database, context, { device: null, origin: 'local', changes });
		return news.length;
	}
};

export const deliveryOperations = { 'record-deliveries': recordDeliveries };
