import type { AttachmentId, DocumentId, OrganisationId } from '#schema/ids.ts';
import { isSuccessorOf } from '#schema/mail/submission.ts';
import type { BlobStore } from '../store/blobs/blob-store.ts';
import type { Attachment } from '../store/space/attachments.ts';
import type { SpaceKind } from '../store/space/kind.ts';
import type { StoreFile } from '../store/store.ts';
import { ContentMissingError } from './content.ts';
import type { LetterFile } from './render.ts';

/** The files of a letter, or the one that is not there. */
export type LetterFiles =
	| { readonly kind: 'found'; readonly files: readonly LetterFile[]; readonly bytes: number }
	| { readonly kind: 'missing'; readonly id: AttachmentId };

/** Finds the files of a draft by their ids: only those of that draft, or of one whose late edits it was made of. */
export async function filesOf(
	space: StoreFile<SpaceKind>,
	blobs: BlobStore,
	organisation: OrganisationId,
	document: DocumentId,
	ids: readonly AttachmentId[]
): Promise<LetterFiles> {
	const files: LetterFile[] = [];
	let bytes = 0;
	for (const id of new Set(ids)) {
		const attachment = await space.call('attachment-get', { id });
		if (attachment === null || !mayCarry(document, attachment.document)) return { kind: 'missing', id };
		bytes += sizeOf(attachment);
		const { name, type } = attachment;
		files.push({ id, name, type, open: () => bytesOf(blobs, organisation, attachment) });
	}
	return { kind: 'found', files, bytes };
}

function mayCarry(draft: DocumentId, owner: DocumentId): boolean {
	return owner === draft || isSuccessorOf(draft, owner);
}

function sizeOf({ body }: Attachment): number {
	return body.kind === 'inline' ? body.bytes.byteLength : body.size;
}

async function* bytesOf(
	blobs: BlobStore,
	organisation: OrganisationId,
	{ body }: Attachment
): AsyncGenerator<Uint8Array> {
	if (body.kind === 'inline') {
		yield body.bytes;
		return;
	}
	const found = await blobs.get({ organisation, hash: body.hash });
	if (found === null) throw new ContentMissingError();
	yield* found;
}
