import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { readPart, type PartFile } from '../mail/parse.ts';

/** Up to this size a message is taken apart at once; it takes a few milliseconds. Bytes. */
const smallMessage = 512 << 10;
/** How long one large message may take, milliseconds. */
const deadline = 20_000;

/** Takes parts out of messages: small ones here, large ones in a thread each, so that no socket waits for them. */
export class PartReader {
	readonly #atOnce: number;
	readonly #waiting: (() => void)[] = [];
	#running = 0;

	/** @param atOnce how many large messages are held in memory at the same time */
	constructor(atOnce = 2) {
		this.#atOnce = atOnce;
	}

	/**
	 * The part of that section number, decoded; null where there is none.
	 *
	 * @throws Error where a large message could not be taken apart in time
	 */
	async read(message: Uint8Array, section: string): Promise<PartFile | null> {
		if (message.byteLength <= smallMessage) return readPart(message, section);
		if (this.#running >= this.#atOnce) await new Promise<void>((resolve) => this.#waiting.push(resolve));
		else this.#running += 1;
		try {
			return await inThread(message, section);
		} finally {
			const next = this.#waiting.shift();
			if (next === undefined) this.#running -= 1;
			else next();
		}
	}
}

async function inThread(message: Uint8Array, section: string): Promise<PartFile | null> {
	const worker = new Worker(new URL('./part-worker.ts', import.meta.url), {
		workerData: { message, section }
	});
	try {
		const signal = AbortSignal.timeout(deadline);
		const [part] = (await once(worker, 'message', { signal })) as [PartFile | null];
		return part === null ? null : { ...part, bytes: Buffer.from(part.bytes) };
	} finally {
		await worker.terminate();
	}
}
