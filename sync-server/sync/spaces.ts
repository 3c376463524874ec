import type { SpaceId } from '#schema/ids.ts';
import { storeLog } from '../store/log/store-log.ts';
import type { SpaceKind } from '../store/space/kind.ts';
import { spacePath } from '../store/space/path.ts';
import type { Store, StoreFile } from '../store/store.ts';
import type { LogStretch, SpaceAccess } from './space-access.ts';

/** Spaces as the sync edge asks them, over their files in the store. */
export function spacesIn(store: Store): SpaceAccess {
	const file = (space: SpaceId): StoreFile<SpaceKind> => store.file<SpaceKind>('space', spacePath(space));
	const log = storeLog(store);
	return {
		head: (space) => log.head(space),
		entries: async (space, after, limitBytes): Promise<LogStretch> => {
			const { generation } = await log.head(space);
			if (generation !== after.generation) return { kind: 'resync', reason: 'generation' };
			const answer = await log.read(space, after.seq, limitBytes);
			if (answer.kind !== 'entries') return { kind: 'resync', reason: answer.kind };
			if (answer.generation !== after.generation) return { kind: 'resync', reason: 'generation' };
			return answer;
		},
		push: (space, batch) => file(space).call('push', batch),
		document: (space, document) => file(space).call('document', { document })
	};
}
