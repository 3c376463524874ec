import type { Outcome } from '../store/queue/outcomes.ts';
import type { TakenDelivery, TakenEnvelope } from '../store/queue/taking.ts';
import { nextAttempt } from './retry.ts';
import type { HandoverResult, RecipientAnswer } from './smarthost.ts';

/** What an attempt came to, for one of its recipients. */
type Attempt = {
	readonly kind: 'delivered' | 'failed' | 'unknown' | 'later';
	readonly status: string | null;
	readonly detail: string;
};

/** Outcomes of an attempt at outside deliveries of one envelope; `now` in milliseconds UTC. */
export function outsideOutcomes(
	envelope: TakenEnvelope,
	deliveries: readonly TakenDelivery[],
	result: HandoverResult,
	now: number
): Outcome[] {
	return deliveries.map((delivery) => {
		const attempt =
			result.kind === 'answered' ? answered(result.answers, delivery) : broken(envelope, result);
		return outcomeOf(envelope, delivery, attempt, now);
	});
}

/** The outcome of an attempt: what is to be tried later is, for as long as the schedule says. */
export function outcomeOf(
	envelope: TakenEnvelope,
	delivery: TakenDelivery,
	{ kind, status, detail }: Attempt,
	now: number
): Outcome {
	const told = envelope.submission !== null;
	const about = { envelope: envelope.id, recipient: delivery.recipient, told, status, detail };
	if (kind !== 'later') return { ...about, kind };
	const nextAt = nextAttempt(delivery.attempts + 1, envelope.activeAt, now);
	return nextAt === null ? { ...about, kind: 'failed' } : { ...about, kind: 'deferred', nextAt };
}

function answered(answers: readonly RecipientAnswer[], { recipient }: TakenDelivery): Attempt {
	const answer = answers.find((one) => one.recipient === recipient);
	if (answer === undefined) return { kind: 'later', status: null, detail: 'no-answer' };
	const { status, detail } = answer;
	if (answer.kind === 'taken') return { kind: 'delivered', status, detail };
	return { kind: answer.permanent ? 'failed' : 'later', status, detail };
}

function broken(
	{ maker }: TakenEnvelope,
	{ detail, lastByteLeft }: HandoverResult & { kind: 'broken' }
): Attempt {
	const kind = lastByteLeft && maker === 'person' ? 'unknown' : 'later';
	return { kind, status: '4.4.2', detail };
}
