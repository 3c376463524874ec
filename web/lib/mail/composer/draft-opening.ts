import type { DocumentId } from '#schema/ids.ts';
import type { DraftHandle, Drafts } from '#lib/replica/drafts.ts';

/**
 * Opens a draft; one that this device does not hold is opened as soon as it comes, as after a rebuild, or on
 * a device that has yet to catch up. `told` hears the handle, or first of all `undefined` where it is not
 * here. Returns the end: nothing more is told, and the handle is let go of.
 */
export function openWhenHere(
	drafts: Pick<Drafts, 'open' | 'subscribe'>,
	id: DocumentId,
	told: (handle: DraftHandle | undefined) => void
): () => void {
	let isOver = false;
	let opening = Promise.resolve<DraftHandle | undefined>(undefined);

	async function openOnce(held: DraftHandle | undefined): Promise<DraftHandle | undefined> {
		if (held !== undefined) return held;
		const handle = await drafts.open(id);
		if (!isOver) told(handle);
		return handle;
	}

	const open = () => void (opening = opening.then(openOnce));
	const unsubscribe = drafts.subscribe(open);
	open();
	return () => {
		isOver = true;
		unsubscribe();
		void opening.then((handle) => handle?.close());
	};
}
