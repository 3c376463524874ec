import { BlobError } from '../store/blobs/blob-store.ts';
import { StoreError } from '../store/store-error.ts';

/** An answer that is no success: reply code (RFC 5321 section 4.2) and enhanced status code (RFC 3463). */
export class Reply extends Error {
	override readonly name = 'Reply';
	readonly responseCode: number;

	constructor(responseCode: number, status: string, text: string) {
		super(`${status} ${text}`);
		this.responseCode = responseCode;
	}
}

/** Whether an error is one that is met in the ordinary course of things; any other is a fault of the server. */
export function isExpected(error: unknown): boolean {
	return (
		error instanceof Reply ||
		error instanceof BlobError ||
		(error instanceof StoreError && error.kind === 'full')
	);
}

/** What may be logged of any error: never its words, which might be those of a message. */
export function traitsOf(error: unknown): {
	readonly error: string;
	readonly code?: string;
	readonly stack: string;
} {
	if (!(error instanceof Error)) return { error: typeof error, stack: '' };
	const code = error instanceof StoreError ? error.kind : 'code' in error ? String(error.code) : null;
	const [words, stack = ''] = [error.message, error.stack];
	const behindWords = stack.slice(stack.indexOf(words) + words.length);
	const frames = behindWords.split('\n').filter((line) => /^ {4}at .*:\d+:\d+\)?$/.test(line));
	return { error: error.name, ...(code === null ? {} : { code }), stack: frames.join('\n') };
}

/** The answer to a message that could not be taken. Every error has one: the one mapping of this edge. */
export function replyTo(error: unknown): Reply {
	if (error instanceof Reply) return error;
	if (error instanceof BlobError) {
		return error.kind === 'too-large'
			? new Reply(552, '5.3.4', 'The message is too large')
			: new Reply(452, '4.3.1', 'There is no room for the message now');
	}
	if (error instanceof StoreError && error.kind === 'full') {
		return new Reply(452, '4.3.1', 'There is no room for the message now');
	}
	return new Reply(451, '4.3.0', 'The message can not be taken now');
}
