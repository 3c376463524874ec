import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { readPart, type PartFile } from '../mail/parse.ts';

/** Up to this size a message is taken apart at once; it takes a few milliseconds. Bytes. */
const smallMessage = 512 << 10;
/** How long one large message may take, milliseconds. */
const deadline = 20_000;

/** How many large messages may wait to be taken apart; more are refused. */
const mostWaiting = 40;

/** A message that is read when it is its turn. */
export interface UnreadMessage {
	/** Bytes. */
	readonly size: number;
	/** Reads it whole, into memory of its own. */
	readonly read: () => Promise<Uint8Array>;
}

/** Too many large messages wait to be taken apart. */
export class PartsBusyError extends Error {
	override readonly name = 'PartsBusyError';
	/** When it may be asked again, seconds. */
	readonly retryAfter = 5;
}

/**
 * Takes parts out of messages: small ones here, large ones in a thread each, so that no socket waits for them. A
 * large message is read only when it is its turn, so that those that wait take no memory.
 */
export class PartReader {
	readonly #atOnce: number;
	readonly #mostWaiting: number;
	readonly #waiting: (() => void)[] = [];
	#running = 0;

	/** @param atOnce how many large messages are held in memory at the same time */
	constructor(atOnce = 2, waiting = mostWaiting) {
		this.#atOnce = atOnce;
		this.#mostWaiting = waiting;
	}

	/**
	 * The part of that section number, decoded; null where there is none.
	 *
	 * @throws PartsBusyError, or Error where a large message could not be taken apart in time
	 */
	async read(message: UnreadMessage, section: string): Promise<PartFile | null> {
		if (message.size <= smallMessage) return readPart(await message.read(), section);
		await this.#turn();
		try {
			return await inThread(await message.read(), section);
		} finally {
			const next = this.#waiting.shift();
			if (next === undefined) this.#running -= 1;
			else next();
		}
	}

	async #turn(): Promise<void> {
		if (this.#running < this.#atOnce) {
			this.#running += 1;
			return;
		}
		if (this.#waiting.length >= this.#mostWaiting) throw new PartsBusyError();
		await new Promise<void>((resolve) => this.#waiting.push(resolve));
	}
}

async function inThread(message: Uint8Array, section: string): Promise<PartFile | null> {
	const worker = new Worker(new URL('./part-worker.ts', import.meta.url), {
		workerData: { message, section },
		// Handed over and not copied; it is not needed here any more.
		transferList: message.buffer instanceof ArrayBuffer ? [message.buffer] : []
	});
	try {
		const signal = AbortSignal.timeout(deadline);
		const [part] = (await once(worker, 'message', { signal })) as [PartFile | null];
		return part === null
			? null
			: { ...part, bytes: Buffer.from(part.bytes.buffer, part.bytes.byteOffset, part.bytes.byteLength) };
	} finally {
		await worker.terminate();
	}
}
