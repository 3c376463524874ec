import * as v from 'valibot';
import type { BatchId, DeviceId } from '#schema/ids.ts';
import { partsWithinReach } from '#schema/protocol/batch-reach.ts';
import type { RefusalCode } from '#schema/protocol/codes.ts';
import {
	pushedChange,
	pushFrame,
	type AckedFrame,
	type PushedChange,
	type RefusedFrame
} from '#schema/protocol/messages.ts';
import { StoreError } from '../store/store-error.ts';
import type { SyncAccount } from './account.ts';
import type { PushAnswer, PushedBatch, SpaceAccess } from './space-access.ts';

/** What answering a push needs. */
export interface PushingPorts {
	readonly spaces: Pick<SpaceAccess, 'push'>;
	/** Whether the connection still takes what its device sent. */
	goesOn(): boolean;
	pushed(result: string): void;
	failed(error: unknown): void;
}

export type PushReply =
	| { readonly kind: 'acked'; readonly frame: AckedFrame }
	| { readonly kind: 'refused'; readonly frame: RefusedFrame };

/** A batch whose changes are not looked at yet; its own shape is frozen. */
const batchEnvelope = v.object({
	...pushFrame.entries,
	changes: v.pipe(v.array(v.unknown()), v.minLength(1), v.maxLength(5000))
});
const keyed = v.object({ key: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) });

/** An answer of the space; `broken-off` where the connection ended between two parts of a batch. */
type Taken = PushAnswer | { readonly kind: 'broken-off' };

/**
 * Takes a batch of changes and answers it. `malformed` where not even the batch's own shape is right; `broken-off` where
 * the connection ended before all of it was taken: there is no answer, and the device sends it again.
 */
export async function answerPush(
	payload: unknown,
	device: DeviceId,
	account: SyncAccount,
	ports: PushingPorts
): Promise<PushReply | 'malformed' | 'broken-off'> {
	const parsed = v.safeParse(batchEnvelope, payload);
	if (!parsed.success) return 'malformed';
	const { batch, space, generation, changes } = parsed.output;
	const answer = await decide();
	if (answer.kind === 'broken-off') return 'broken-off';
	ports.pushed(answer.kind === 'acked' ? 'acked' : answer.code);
	if (answer.kind === 'acked') {
		return { kind: 'acked', frame: { batch, space, seq: answer.seq, stamps: answer.stamps } };
	}
	return { kind: 'refused', frame: { batch, space, code: answer.code, keys: answer.keys } };

	async function decide(): Promise<Taken> {
		const access = account.spaces.find((own) => own.space === space)?.access;
		if (access === undefined) return refused('unknown-space', keysOf(changes));
		if (access === 'read') return refused('not-permitted', keysOf(changes));
		const { good, bad } = sortChanges(changes);
		if (bad.length > 0) return refused('malformed', keysOf(bad));
		return inParts(partsWithinReach(good), (part) =>
			pushOrRefuse(() => ports.spaces.push(space, { device, generation, ...part }))
		);
	}

	/** Each part is a batch of its own to the space, so that a repeat goes on where the first time broke off. */
	async function inParts(
		parts: readonly (readonly PushedChange[])[],
		push: (part: Pick<PushedBatch, 'batch' | 'changes' | 'following'>) => Promise<PushAnswer>
	): Promise<Taken> {
		const stamps: AckedFrame['stamps'][] = [];
		let seq = 0;
		for (const [index, changes] of parts.entries()) {
			if (index > 0 && !ports.goesOn()) return { kind: 'broken-off' };
			const following = index === 0 ? parts.slice(1).flat() : [];
			const taken = await push({ batch: partOf(batch, index), changes, following });
			if (taken.kind === 'refused') return taken;
			seq = taken.seq;
			stamps.push(taken.stamps);
		}
		return { kind: 'acked', seq, stamps: stamps.flat() };
	}

	async function pushOrRefuse(push: () => Promise<PushAnswer>): Promise<PushAnswer> {
		try {
			return await push();
		} catch (error) {
			if (error instanceof StoreError && error.kind === 'full') return refused('storage-full', []);
			ports.failed(error);
			return refused('internal', []);
		}
	}
}

/** What a part of a batch is known by: no batch of a device has such an id, since no id has a dot. */
function partOf(batch: BatchId, index: number): BatchId {
	return index === 0 ? batch : (`${batch}.${index}` as BatchId);
}

function refused(code: RefusalCode, keys: readonly number[]): PushAnswer {
	return { kind: 'refused', code, keys };
}

function sortChanges(changes: readonly unknown[]): { good: PushedChange[]; bad: unknown[] } {
	const good: PushedChange[] = [];
	const bad: unknown[] = [];
	for (const change of changes) {
		const parsed = v.safeParse(pushedChange, change);
		if (parsed.success) good.push(parsed.output);
		else bad.push(change);
	}
	return { good, bad };
}

/** The keys of changes that have one. */
function keysOf(changes: readonly unknown[]): number[] {
	return changes.flatMap((change) => {
		const parsed = v.safeParse(keyed, change);
		return parsed.success ? [parsed.output.key] : [];
	});
}
