import { on } from 'node:events';
import type { Worker } from 'node:worker_threads';

/**
 * The one answer of a thread that was started for one question. It passes over what else comes: in its watch mode Node
 * has threads tell what they import, by messages too.
 *
 * @throws what the thread died of; Error where it ended without an answer; AbortError where `signal` is aborted first
 */
export async function answerOf<Answer extends { readonly kind: string }>(
	thread: Worker,
	signal: AbortSignal
): Promise<Answer> {
	const messages = on(thread, 'message', { signal, close: ['exit'] }) as AsyncIterable<[object]>;
	// What the threads of this server post carries its kind; nothing that Node posts does.
	for await (const [message] of messages) if ('kind' in message) return message as Answer;
	throw new Error('a thread ended without an answer');
}
