import * as Y from 'yjs';

/** Whether a document of these updates holds all of an edit, deletions too. */
export function holdsEdit(updates: readonly Uint8Array[], edit: Uint8Array): boolean {
	const document = new Y.Doc();
	let isNew = false;
	for (const update of updates) Y.applyUpdate(document, update);
	document.on('update', () => (isNew = true));
	Y.applyUpdate(document, edit);
	// What builds on something that is not there waits, without a word.
	const isWhole = document.store.pendingStructs === null && document.store.pendingDs === null;
	document.destroy();
	return isWhole && !isNew;
}
