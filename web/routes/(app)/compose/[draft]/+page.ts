import { error } from '@sveltejs/kit';
import { isId, type DocumentId } from '#schema/ids.ts';

/** The id of a draft, or no page. */
export function load({ params }: { params: { draft: string } }) {
	if (!isId(params.draft)) error(404);
	return { id: params.draft as DocumentId };
}
