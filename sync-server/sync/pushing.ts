import * as v from 'valibot';
import type { DeviceId } from '#schema/ids.ts';
import { keysBeyondReach } from '#schema/protocol/batch-reach.ts';
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
import type { PushAnswer, SpaceAccess } from './space-access.ts';

/** What answering a push needs. */
export interface PushingPorts {
	readonly spaces: Pick<SpaceAccess, 'push'>;
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

/** Takes a batch of changes and answers it; null where not even the batch's own shape is right. */
export async function answerPush(
	payload: unknown,
	device: DeviceId,
	account: SyncAccount,
	ports: PushingPorts
): Promise<PushReply | null> {
	const parsed = v.safeParse(batchEnvelope, payload);
	if (!parsed.success) return null;
	const { batch, space, generation, changes } = parsed.output;
	const answer = await decide();
	ports.pushed(answer.kind === 'acked' ? 'acked' : answer.code);
	if (answer.kind === 'acked') {
		return { kind: 'acked', frame: { batch, space, seq: answer.seq, stamps: answer.stamps } };
	}
	return { kind: 'refused', frame: { batch, space, code: answer.code, keys: answer.keys } };

	async function decide(): Promise<PushAnswer> {
		const access = account.spaces.find((own) => own.space === space)?.access;
		if (access === undefined) return refused('unknown-space', keysOf(changes));
		if (access === 'read') return refused('not-permitted', keysOf(changes));
		const { good, bad } = sortChanges(changes);
		if (bad.length > 0) return refused('malformed', keysOf(bad));
		const beyond = keysBeyondReach(good);
		if (beyond.length > 0) return refused('too-large', beyond);
		return pushOrRefuse(() => ports.spaces.push(space, { batch, device, generation, changes: good }));
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
