/** Makes the body of one long letter, in a thread of its own; see `letter-bodies.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { encodedBody, letterBody, type LetterBody } from './letter-body.ts';
import { LetterTooDeepError } from './letter-html.ts';

/** What comes of a letter; null where it is no letter's HTML. */
export type MadeBody = LetterBody | null;

async function made(html: string): Promise<MadeBody> {
	try {
		return await encodedBody(letterBody(html));
	} catch (error) {
		if (error instanceof LetterTooDeepError) return null;
		throw error;
	}
}

parentPort?.postMessage(await made(workerData as string));
