import * as v from 'valibot';
import type { DeviceId, PrincipalId } from '#schema/ids.ts';
import type { RefusalCode } from '#schema/protocol/codes.ts';
import {
	commandFrame,
	type AnswerFrame,
	type CommandFrame,
	type CommandResult
} from '#schema/protocol/messages.ts';
import { StoreError } from '../store/store-error.ts';
import type { SyncAccount } from './account.ts';

/** Who gives a command. */
export interface Commander {
	readonly principal: PrincipalId;
	readonly device: DeviceId;
}

/** Executes commands, each id once; a replay answers the stored result. Rejects with a StoreError. */
export interface Commands {
	execute(command: CommandFrame, by: Commander): Promise<CommandResult>;
}

const commandEnvelope = v.object({ ...commandFrame.entries, body: v.unknown() });

/** Executes a command and answers it; null where not even the command's own shape is right. */
export async function answerCommand(
	payload: unknown,
	device: DeviceId,
	account: SyncAccount,
	ports: { readonly commands: Commands; failed(error: unknown): void }
): Promise<AnswerFrame | null> {
	const envelope = v.safeParse(commandEnvelope, payload);
	if (!envelope.success) return null;
	const { id, space } = envelope.output;
	return { id, result: await decide() };

	async function decide(): Promise<CommandResult> {
		const access = account.spaces.find((own) => own.space === space)?.access;
		if (access === undefined) return refused('unknown-space');
		if (access === 'read') return refused('not-permitted');
		const command = v.safeParse(commandFrame, payload);
		if (!command.success) return refused('malformed', v.getDotPath(command.issues[0]) ?? '');
		try {
			return await ports.commands.execute(command.output, { principal: account.principal, device });
		} catch (error) {
			if (error instanceof StoreError && error.kind === 'full') return refused('storage-full');
			ports.failed(error);
			return refused('internal');
		}
	}
}

function refused(code: RefusalCode, detail = ''): CommandResult {
	return { kind: 'refused', code, detail };
}
