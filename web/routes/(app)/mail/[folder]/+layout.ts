import { error } from '@sveltejs/kit';
import { folderNamed } from '#lib/mail/folders.ts';

/** A folder of ours, or no page. */
export function load({ params }: { params: { folder?: string } }) {
	const folder = folderNamed(params.folder);
	if (folder === undefined) error(404);
	return { folder };
}
