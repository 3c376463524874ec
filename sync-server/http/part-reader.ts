import { createReadStream, mkdirSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { readPart, type PartFile } from '../mail/parse.ts';
import type { MessageSource } from '../mail/parser-pool.ts';
import { answerOf } from '../mail/thread-answer.ts';
import { hasCode } from '../store/system-error.ts';
import { BytesMissingError } from './body.ts';
import type { FoundPart, PartOrder } from './part-worker.ts';

/** Up to this size a message is taken apart at once; it takes a few milliseconds. Bytes. */
const smallMessage = 512 << 10;
/** How long one large message may take, milliseconds. */
const deadline = 20_000;
/** For how long a reader may take nothing of a part, milliseconds. */
const patience = 5 * 60_000;

/** A message to take a part out of; a large one lies in a file. */
export interface UnreadMessage {
	/** Bytes. */
	readonly size: number;
	readonly source: MessageSource;
}

/** A part as it is answered: its bytes, or a stream of them that is to be read or cancelled. */
export interface ReadPart {
	/** Lower-case media type. */
	readonly type: string;
	readonly filename: string | null;
	/** Bytes. */
	readonly size: number;
	readonly body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
}

export interface PartReaderOptions {
	/** Where decoded parts lie while they are read; emptied at the start. */
	readonly directory: string;
	/** How many large messages are held in memory at the same time; default 2. */
	readonly atOnce?: number;
	/** How many large messages may wait to be taken apart; more are refused. Default 40. */
	readonly waiting?: number;
	/** How much may lie in the directory for those that read slowly, bytes; more is refused. Default 2 GB. */
	readonly spooled?: number;
	/** Parts up to this size are held in memory while they are read, bytes; default 512 KB. */
	readonly inMemory?: number;
	/** As a clock's `after`: runs the action once after so many milliseconds; returns how to prevent it. */
	readonly after?: (milliseconds: number, action: () => void) => () => void;
}

function systemAfter(milliseconds: number, action: () => void): () => void {
	const timer = setTimeout(action, milliseconds).unref();
	return () => clearTimeout(timer);
}

/** Too many large messages wait to be taken apart, or too many large parts are being read. */
export class PartsBusyError extends Error {
	override readonly name = 'PartsBusyError';
	/** When it may be asked again, seconds. */
	readonly retryAfter = 5;
}

/**
 * Takes parts out of messages: small ones here, large ones in a thread each, so that no socket waits for them. A
 * large message is read there and only when it is its turn; a large part lies in a file until it was read, so that
 * neither those that wait nor those that read slowly take memory.
 */
export class PartReader {
	readonly #options: Required<PartReaderOptions>;
	readonly #waiting: (() => void)[] = [];
	#running = 0;
	#spooled = 0;
	#lastSpool = 0;

	constructor(options: PartReaderOptions) {
		const limits = { atOnce: 2, waiting: 40, spooled: 2_000_000_000, inMemory: 512 << 10 };
		this.#options = { ...limits, after: systemAfter, ...options };
		rmSync(options.directory, { recursive: true, force: true });
		mkdirSync(options.directory, { recursive: true, mode: 0o700 });
	}

	/**
	 * The part of that section number, decoded; null where there is none.
	 *
	 * @throws PartsBusyError, BytesMissingError, or Error where a large message could not be taken apart in time
	 */
	async read({ size, source }: UnreadMessage, section: string): Promise<ReadPart | null> {
		if (!('path' in source)) return inMemory(readPart(source, section));
		if (size <= smallMessage) return inMemory(readPart(await readSmall(source.path), section));
		await this.#turn();
		return this.#readLarge(source.path, size, section);
	}

	async #readLarge(file: string, size: number, section: string): Promise<ReadPart | null> {
		// A part is no larger than its message; what it takes is known only when it was taken out.
		if (this.#spooled + size > this.#options.spooled) {
			this.#endTurn();
			throw new PartsBusyError();
		}
		this.#spooled += size;
		this.#lastSpool += 1;
		const spool = path.join(this.#options.directory, `${this.#lastSpool}`);
		const forget = () => {
			this.#spooled -= size;
			rmSync(spool, { force: true });
		};
		const forgetAndEnd = () => {
			forget();
			this.#endTurn();
		};
		let found: FoundPart;
		try {
			found = await inThread({ path: file, section, spool, inMemory: this.#options.inMemory });
		} catch (error) {
			forgetAndEnd();
			throw error;
		}
		if (found.kind === 'spooled') {
			this.#endTurn();
			return { ...found.part, size: found.size, body: this.#streamOf(createReadStream(spool), forget) };
		}
		if (found.kind === 'bytes' && found.part.bytes.byteLength > this.#options.inMemory) {
			// There was no room on the disk: it is held here, and its turn ends when it was read.
			const { bytes, ...named } = found.part;
			const body = this.#streamOf(Readable.from(pieces(bytes)), forgetAndEnd);
			return { ...named, size: bytes.byteLength, body };
		}
		forgetAndEnd();
		if (found.kind === 'missing') throw new BytesMissingError();
		return found.kind === 'none' ? null : inMemory(found.part);
	}

	/** A stream that tells when it was read to its end, or cancelled, or broke; who stops reading it is given up. */
	#streamOf(stream: Readable, ended: () => void): ReadableStream<Uint8Array> {
		const { after } = this.#options;
		const giveUp = () => {
			stream.destroy(new Error('who reads the part has stopped reading'));
		};
		let cancel = after(patience, giveUp);
		stream.on('data', () => {
			cancel();
			cancel = after(patience, giveUp);
		});
		stream.once('close', () => {
			cancel();
			ended();
		});
		return Readable.toWeb(stream);
	}

	async #turn(): Promise<void> {
		if (this.#running < this.#options.atOnce) {
			this.#running += 1;
			return;
		}
		if (this.#waiting.length >= this.#options.waiting) throw new PartsBusyError();
		await new Promise<void>((resolve) => this.#waiting.push(resolve));
	}

	#endTurn(): void {
		const next = this.#waiting.shift();
		if (next === undefined) this.#running -= 1;
		else next();
	}
}

async function readSmall(file: string): Promise<Buffer> {
	try {
		return await readFile(file);
	} catch (error) {
		throw hasCode(error, 'ENOENT') ? new BytesMissingError() : error;
	}
}

function inMemory(part: PartFile | null): ReadPart | null {
	if (part === null) return null;
	const { bytes, ...named } = part;
	return { ...named, size: bytes.byteLength, body: new Uint8Array(bytes) };
}

function* pieces(bytes: Buffer): Generator<Buffer> {
	const length = 64 << 10;
	for (let start = 0; start < bytes.byteLength; start += length) yield bytes.subarray(start, start + length);
}

async function inThread(order: PartOrder): Promise<FoundPart> {
	const worker = new Worker(new URL('./part-worker.ts', import.meta.url), { workerData: order });
	try {
		const signal = AbortSignal.timeout(deadline);
		const found = await answerOf<FoundPart>(worker, signal);
		if (found.kind !== 'bytes') return found;
		const { bytes } = found.part;
		// A Buffer comes over as the Uint8Array it is.
		const own = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
		return { kind: 'bytes', part: { ...found.part, bytes: own } };
	} finally {
		await worker.terminate();
	}
}
