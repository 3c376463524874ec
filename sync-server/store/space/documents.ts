import type { DocumentId } from '#schema/ids.ts';
import type { Operation } from '../file-kind.ts';
import { documentState } from './apply-documents.ts';

/** The whole state of a text document, as one update; null where nothing of it was written yet. */
const document: Operation<{ readonly document: DocumentId }, Uint8Array | null> = {
	mode: 'read',
	run: (database, { document: id }) => documentState(database, id) ?? null
};

export const documentOperations = { document };
