import type { Content, Part } from '#schema/mail/summary.ts';

/** The parts that are listed as attachments: all but the pictures that the HTML itself shows. */
export function listedParts({ html, parts }: Content): Part[] {
	const body = html ?? '';
	return parts.filter(({ contentId, disposition, type }) => {
		if (disposition === 'attachment' || contentId === null || !type.startsWith('image/')) return true;
		return !body.includes(`cid:${contentId}`) && !body.includes(`cid:${encodeURIComponent(contentId)}`);
	});
}
