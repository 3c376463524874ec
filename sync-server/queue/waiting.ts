import type { Logger } from 'pino';
import type { SpaceId } from '#schema/ids.ts';
import type { queueKind } from '../store/queue/kind.ts';
import type { WaitingEnvelope } from '../store/queue/submissions.ts';
import type { SpaceKind } from '../store/space/kind.ts';
import { spacePath } from '../store/space/path.ts';
import { StoreError } from '../store/store-error.ts';
import type { Store, StoreFile } from '../store/store.ts';
import type { Clock } from './clock.ts';

export interface WaitingDeps {
	readonly store: Store;
	readonly file: StoreFile<typeof queueKind>;
	readonly clock: Clock;
	readonly logger: Logger;
}

/** How long a tentative envelope is left to whoever submits it, milliseconds. */
export const tentativeFor = 10_000;

/** Envelopes that are asked about in one go. */
const askedTogether = 200;

/** When a space that could not answer is asked again, milliseconds. */
const askedAgainAfter = 60_000;

/**
 * Asks senders' spaces about envelopes that wait for their word: held ones whose time has come, tentative ones
 * older than `age` milliseconds. What a space can't answer is put off and keeps nothing else waiting. Answers
 * whether all were asked.
 *
 * @throws StoreError where the queue itself can't be read or written
 */
export async function resolveWaiting(deps: WaitingDeps, age: number): Promise<boolean> {
	const { store, file, clock, logger } = deps;
	const waiting = await file.call('waiting', { tentativeFor: age, limit: askedTogether });
	const silent = new Map<SpaceId, string>();
	await Promise.all(
		waiting.map(async (envelope) => {
			const { envelope: id, state, space } = envelope;
			const decision = await decisionOn(store, envelope).catch((error: unknown) => {
				silent.set(space, kindOf(error));
				return { until: clock.now() + askedAgainAfter, isPutOff: true } as const;
			});
			if (decision === 'discard') await file.call('discard', { envelope: id });
			else if ('isPutOff' in decision)
				await file.call('put-off', { envelope: id, state, until: decision.until });
			else await file.call('decide', { envelope: id, until: decision.until });
		})
	);
	for (const [space, error] of silent) {
		logger.error({ space, error }, 'a space could not decide on what it sends; it is asked again');
	}
	return waiting.length < askedTogether;
}

function kindOf(error: unknown): string {
	return error instanceof StoreError ? error.kind : error instanceof Error ? error.name : 'unknown';
}

type Decision = 'discard' | { readonly until: number | null };

async function decisionOn(
	store: Store,
	{ space, submission, envelope, state }: WaitingEnvelope
): Promise<Decision> {
	const file = store.file<SpaceKind>('space', spacePath(space));
	try {
		if (state === 'held') {
			return (await file.call('release', { submission, envelope })) === 'released'
				? { until: null }
				: 'discard';
		}
		const standing = await file.call('submission-standing', { submission, envelope });
		if (standing === null || standing.state === 'cancelled') return 'discard';
		// One that is released already goes the same way: asked again, it is released again.
		return { until: standing.releaseAt };
	} catch (error) {
		if (error instanceof StoreError && error.kind === 'missing') return 'discard';
		throw error;
	}
}
