import type { SpaceId } from '#schema/ids.ts';
import type { SpaceKind } from '../space/kind.ts';
import { spacePath } from '../space/path.ts';
import type { Store } from '../store.ts';
import type { Log } from './log.ts';

/** The logs as they lie in the spaces' own files: an entry and what it does to the space are one transaction. */
export function storeLog(store: Store): Log {
	const fileOf = (space: SpaceId) => store.file<SpaceKind>('space', spacePath(space));
	return {
		head: (space) => fileOf(space).call('head'),
		read: (space, after, limitBytes) => fileOf(space).call('entries', { after, limitBytes }),
		subscribe: (listener) =>
			store.subscribe((event) => {
				if (event.kind !== 'entries') return;
				const { space, generation, entries } = event;
				listener({ space, generation, entries });
			})
	};
}
