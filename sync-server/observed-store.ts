import type { Metrics } from './observe/metrics.ts';
import type { Store } from './store/store.ts';

/** The same store, with the time of each call measured from asking until the answer, after the commit. */
export function observedStore(store: Store, metrics: Metrics): Store {
	const file: Store['file'] = (kind, path) => {
		const observed = store.file(kind, path);
		return {
			call: async (...asked) => {
				const end = metrics.storeSeconds.startTimer({ kind });
				try {
					return await observed.call(...asked);
				} finally {
					end();
				}
			}
		};
	};
	return {
		file,
		subscribe: (listener) => store.subscribe(listener),
		get figures() {
			return store.figures;
		},
		close: () => store.close()
	};
}
