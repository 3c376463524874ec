import { Worker } from 'node:worker_threads';
import { answerOf } from '../mail/thread-answer.ts';
import { letterBody, type LetterBody } from './letter-body.ts';
import { LetterTooDeepError } from './letter-html.ts';
import type { MadeBody } from './letter-worker.ts';

/** Up to so many characters a letter's HTML is worked on at once; that takes a few milliseconds. */
const shortLetter = 16_000;

/** How long a long letter may take, milliseconds. */
const deadline = 30_000;

/** Megabytes of JavaScript objects a long letter may take. */
const heap = 512;

/** The HTML took more time or memory than any letter. */
export class LetterTooLongError extends Error {
	override readonly name = 'LetterTooLongError';
}

/** Makes bodies of letters: of short ones here, of long ones in a thread, one after another, so that no socket waits. */
export class LetterBodies {
	readonly #deadline: number;
	#last: Promise<unknown> = Promise.resolve();

	constructor(patience = deadline) {
		this.#deadline = patience;
	}

	/**
	 * The body made of a letter's HTML, which may be anything.
	 *
	 * @throws LetterTooDeepError, LetterTooLongError where it is no letter's
	 */
	async prepare(html: string): Promise<LetterBody> {
		if (html.length <= shortLetter) return letterBody(html);
		const made = this.#last.then(() => inThread(html, this.#deadline));
		this.#last = made.catch(() => undefined);
		const answer = await made;
		if (answer.kind === 'too-deep') throw new LetterTooDeepError();
		return answer.body;
	}
}

async function inThread(html: string, patience: number): Promise<MadeBody> {
	const worker = new Worker(new URL('./letter-worker.ts', import.meta.url), {
		workerData: html,
		execArgv: [],
		resourceLimits: { maxOldGenerationSizeMb: heap }
	});
	try {
		return await answerOf<MadeBody>(worker, AbortSignal.timeout(patience));
	} catch (error) {
		throw isExhaustion(error) ? new LetterTooLongError() : error;
	} finally {
		await worker.terminate();
	}
}

/** Whether time or memory ran out, and nothing else went wrong. */
function isExhaustion(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	return error.name === 'AbortError' || ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY');
}
