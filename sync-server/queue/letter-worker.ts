/** Makes the body of one long letter, in a thread of its own; see `letter-bodies.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { encodedBody, letterBody, type LetterBody } from './letter-body.ts';
import { LetterTooDeepError } from './letter-html.ts';

/** What comes of a letter: its body, or that it is no letter's HTML. */
export type MadeBody = { readonly kind: 'made'; readonly body: LetterBody } | { readonly kind: 'too-deep' };

async function made(html: string): Promise<MadeBody> {
	try {
		return { kind: 'made', body: await encodedBody(letterBody(html)) };
	} catch (error) {
		if (error instanceof LetterTooDeepError) return { kind: 'too-deep' };
		throw error;
	}
}

parentPort?.postMessage(await made(workerData as string));
