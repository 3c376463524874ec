import type { queueKind } from '../store/queue/kind.ts';
import type { WaitingEnvelope } from '../store/queue/submissions.ts';
import type { SpaceKind } from '../store/space/kind.ts';
import { spacePath } from '../store/space/path.ts';
import { StoreError } from '../store/store-error.ts';
import type { Store, StoreFile } from '../store/store.ts';

export interface WaitingDeps {
	readonly store: Store;
	readonly file: StoreFile<typeof queueKind>;
}

/** How long a tentative envelope is left to whoever submits it, milliseconds. */
export const tentativeFor = 10_000;

/** Envelopes that are asked about in one go. */
const askedTogether = 200;

/**
 * Asks senders' spaces about envelopes that wait for their word: held ones whose time has come, tentative ones
 * older than `age` milliseconds. Answers whether all were asked.
 */
export async function resolveWaiting({ store, file }: WaitingDeps, age: number): Promise<boolean> {
	const waiting = await file.call('waiting', { tentativeFor: age, limit: askedTogether });
	await Promise.all(
		waiting.map(async (envelope) => {
			const decision = await decisionOn(store, envelope);
			const { envelope: id } = envelope;
			if (decision === 'discard') await file.call('discard', { envelope: id });
			else await file.call('decide', { envelope: id, until: decision.until });
		})
	);
	return waiting.length < askedTogether;
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
