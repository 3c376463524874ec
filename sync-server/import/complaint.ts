import { ConfigurationError } from '../config.ts';
import { BlobError } from '../store/blobs/blob-store.ts';
import { StoreError } from '../store/store-error.ts';

/** What stops the command, in one line. */
export class CommandError extends Error {}

/** One line for what a person can put right, all there is for a fault of the program. */
export function complaintOf(error: unknown): string {
	if (error instanceof StoreError && error.kind === 'refused') {
		return 'the data folder is in use: stop the server first, then import';
	}
	const isOfStore = error instanceof StoreError || error instanceof BlobError;
	if (isOfStore && error.kind === 'full') {
		return 'the disk is full; what was imported stays, run it again when there is room';
	}
	if (error instanceof CommandError || error instanceof ConfigurationError) return error.message;
	return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
