/** Takes one part out of one large message, in a thread of its own; see `part-reader.ts`. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { readPart, type PartFile } from '../mail/parse.ts';
import { hasCode } from '../store/system-error.ts';

/** What the worker is to do: the message's file, the part's section number, and where to put a large part. */
export interface PartOrder {
	readonly path: string;
	readonly section: string;
	readonly spool: string;
	/** Parts up to this size are answered in memory, bytes. */
	readonly inMemory: number;
}

/** What it found: no message's file, no such part, a part in memory, or one that lies in the spool file now. */
export type FoundPart =
	| { readonly kind: 'missing' }
	| { readonly kind: 'none' }
	| { readonly kind: 'bytes'; readonly part: PartFile }
	| { readonly kind: 'spooled'; readonly part: Omit<PartFile, 'bytes'>; readonly size: number };

/** Whether the part lies in the spool file; where the disk has no room for it, it does not and nothing stays. */
function isSpooled(file: string, bytes: Buffer): boolean {
	try {
		writeFileSync(file, bytes, { flag: 'wx', mode: 0o600 });
		return true;
	} catch (error) {
		rmSync(file, { force: true });
		if (hasCode(error, 'ENOSPC') || hasCode(error, 'EDQUOT')) return false;
		throw error;
	}
}

/** The message; null where its file is not there. */
function readMessage(file: string): Buffer | null {
	try {
		return readFileSync(file);
	} catch (error) {
		if (hasCode(error, 'ENOENT')) return null;
		throw error;
	}
}

function find({ path, section, spool, inMemory }: PartOrder): FoundPart {
	const message = readMessage(path);
	if (message === null) return { kind: 'missing' };
	const part = readPart(message, section);
	if (part === null) return { kind: 'none' };
	const { bytes, ...named } = part;
	if (bytes.byteLength > inMemory && isSpooled(spool, bytes)) {
		return { kind: 'spooled', part: named, size: bytes.byteLength };
	}
	// On its own, without the message it may share memory with.
	return { kind: 'bytes', part: { ...named, bytes: Buffer.from(Uint8Array.from(bytes).buffer) } };
}

const found = find(workerData as PartOrder);
const own = found.kind === 'bytes' ? [found.part.bytes.buffer as ArrayBuffer] : [];
parentPort?.postMessage(found, own);
