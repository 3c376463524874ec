import type { CommandId, DeviceId, SpaceId, SubmissionId } from '#schema/ids.ts';
import type { DeliveryFact } from '#schema/mail/message.ts';
import type { CommandResult } from '#schema/protocol/messages.ts';
import type { queueKind } from '../store/queue/kind.ts';
import type { SpaceKind } from '../store/space/kind.ts';
import { spacePath } from '../store/space/path.ts';
import type { Store, StoreFile } from '../store/store.ts';
import type { Clock } from './clock.ts';

export interface CommandDeps {
	readonly store: Store;
	readonly file: StoreFile<typeof queueKind>;
	readonly clock: Clock;
	/** Something is due. */
	readonly wake: () => void;
}

/** A command of a device about a submission of its space. */
export interface SubmissionCommand {
	readonly command: CommandId;
	readonly space: SpaceId;
	readonly device: DeviceId;
	readonly submission: SubmissionId;
}

/** Calls a held letter back. The space decides; what the queue still holds of it goes. */
export async function cancelSubmission(
	{ store, file }: CommandDeps,
	{ command, space, device, submission }: SubmissionCommand
): Promise<CommandResult> {
	const spaceFile = store.file<SpaceKind>('space', spacePath(space));
	const answer = await spaceFile.call('cancel-submission', { command, device, submission });
	if (answer.kind === 'refused') return answer;
	// Should this not happen, the envelope is asked about at its release, and goes then.
	for (const envelope of await file.call('envelopes-of', { space, submission })) {
		await file.call('discard', { envelope });
	}
	return answer;
}

/** Lets a held letter go before its time. The space decides; then the queue sends. */
export async function releaseSubmission(
	{ store, file, wake }: CommandDeps,
	{ command, space, device, submission }: SubmissionCommand
): Promise<CommandResult> {
	const spaceFile = store.file<SpaceKind>('space', spacePath(space));
	const answer = await spaceFile.call('release-early', { command, device, submission });
	if (answer.kind === 'refused') return answer;
	// Should this not happen, the envelope is asked about at its time, and goes then.
	for (const envelope of await file.call('envelopes-of', { space, submission })) {
		// Another one may be the tentative envelope of a repeat, which never goes.
		if ((await spaceFile.call('release', { submission, envelope })) !== 'released') continue;
		await file.call('decide', { envelope, until: null });
	}
	wake();
	return answer;
}

/** Sends a letter of unknown fate once more: the same bytes, the same Message-ID. */
export async function sendSubmissionAgain(
	{ store, file, clock, wake }: CommandDeps,
	{ command, space, device, submission }: SubmissionCommand
): Promise<CommandResult> {
	const spaceFile = store.file<SpaceKind>('space', spacePath(space));
	const stored = await spaceFile.call('answer-of', { command });
	if (stored !== null) return stored;
	const states = await spaceFile.call('submission-state', { submissions: [submission] });
	const refusal = { command, code: 'unknown-subject', detail: '' } as const;
	if (states[0] !== 'queued') return spaceFile.call('refuse', refusal);
	const { recipients, known } = await file.call('send-again', { space, submission });
	if (!known) return spaceFile.call('refuse', refusal);
	const facts = recipients.map((recipient): DeliveryFact => ({
		submission,
		recipient,
		state: 'queued',
		status: null,
		detail: '',
		at: clock.now()
	}));
	const answer = await spaceFile.call('record-sent-again', { command, device, facts });
	wake();
	return answer;
}
