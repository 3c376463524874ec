import { isUntouchedAnswer } from '#schema/docs/draft.ts';
import type { DocumentId } from '#schema/ids.ts';
import type { Drafts } from '#lib/replica/drafts.ts';

/** The letter's tab was closed: an answer in which nobody wrote a word is not kept among the drafts. */
export async function discardUntouched(
	drafts: Pick<Drafts, 'open' | 'row' | 'discard'>,
	id: DocumentId
): Promise<void> {
	const handle = await drafts.open(id);
	if (handle === undefined) return;
	// A file that is still being read stands in no text yet.
	const isUntouched = isUntouchedAnswer(handle.doc) && handle.attachments().length === 0;
	await handle.close();
	if (isUntouched && drafts.row(id)?.sending === false) await drafts.discard(id);
}
