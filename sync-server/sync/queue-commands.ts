import type { CommandFrame, CommandResult } from '#schema/protocol/messages.ts';
import type { Queue } from '../queue/queue.ts';
import type { SpaceKind } from '../store/space/kind.ts';
import { spacePath } from '../store/space/path.ts';
import type { Store } from '../store/store.ts';
import type { Commander, Commands } from './commands.ts';

/** Commands carried out by the queue and the spaces, which store each answer with what it did. */
export function commandsOver(
	queue: Pick<Queue, 'submit' | 'cancel' | 'releaseEarly' | 'sendAgain'>,
	store: Store
): Commands {
	return {
		execute: ({ id: command, space, body }: CommandFrame, by: Commander): Promise<CommandResult> => {
			const { device, principal } = by;
			switch (body.name) {
				case 'submit':
					return queue.submit({ command, space, principal, device, body });
				case 'cancel-submission':
					return queue.cancel({ command, space, device, submission: body.submission });
				case 'release-submission':
					return queue.releaseEarly({ command, space, device, submission: body.submission });
				case 'send-again':
					return queue.sendAgain({ command, space, device, submission: body.submission });
				case 'purge': {
					const { arrivals, seen } = body;
					const file = store.file<SpaceKind>('space', spacePath(space));
					return file.call('purge', { command, device, arrivals, seen });
				}
			}
		}
	};
}
