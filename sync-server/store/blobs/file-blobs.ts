import { createHash } from 'node:crypto';
import { rmSync, statSync, unlinkSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { isId, type OrganisationId } from '#schema/ids.ts';
import { makeFolder } from '../open-file.ts';
import { hasCode } from '../system-error.ts';
import {
	BlobError,
	collectionAge,
	isBlobHash,
	type BlobHash,
	type BlobKey,
	type BlobRange,
	type BlobSource,
	type BlobStore,
	type Collected,
	type PutBlob,
	type Reservation
} from './blob-store.ts';
import { Reservations } from './reservations.ts';

/** What the driver is given: where blobs lie, and the time that tells a blob's age (milliseconds UTC). */
export interface FileBlobOptions {
	readonly directory: string;
	readonly clock: () => number;
}

const nameOf = ({ organisation, hash }: BlobKey) => `${organisation}/${hash}`;

/** `null` in place of the error that a file is not there. */
async function unlessMissing<Value>(promise: Promise<Value>): Promise<Value | null> {
	try {
		return await promise;
	} catch (error) {
		if (hasCode(error, 'ENOENT')) return null;
		throw error;
	}
}

async function* chunksOf(source: BlobSource): AsyncIterable<Uint8Array> {
	if (source instanceof Uint8Array) yield source;
	else yield* source;
}

async function syncFolder(folder: string): Promise<void> {
	const handle = await open(folder, 'r');
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}

async function namesIn(folder: string): Promise<readonly string[]> {
	return (await unlessMissing(readdir(folder))) ?? [];
}

/** Writes the bytes durably; the time of the file is the time it was put, which tells its age. */
async function writeAll(file: FileHandle, source: BlobSource, maxBytes: number, now: number) {
	const hash = createHash('sha256');
	let size = 0;
	for await (const chunk of chunksOf(source)) {
		size += chunk.byteLength;
		if (size > maxBytes) throw new BlobError('too-large');
		hash.update(chunk);
		await file.writeFile(chunk);
	}
	await file.utimes(now / 1000, now / 1000);
	await file.sync();
	return { hash: hash.digest('hex') as BlobHash, size };
}

class FileBlobs implements BlobStore {
	readonly #incoming: string;
	readonly #stored: string;
	readonly #clock: () => number;
	readonly #reservations = new Reservations();
	readonly #knownFolders = new Set<string>();
	#lastTemporary = 0;

	constructor({ directory, clock }: FileBlobOptions) {
		this.#incoming = path.join(directory, 'incoming');
		this.#stored = path.join(directory, 'sha256');
		this.#clock = clock;
		rmSync(this.#incoming, { recursive: true, force: true });
		makeFolder(this.#incoming);
		makeFolder(this.#stored);
	}

	async put(organisation: OrganisationId, source: BlobSource, maxBytes: number): Promise<PutBlob> {
		this.#lastTemporary += 1;
		const temporary = path.join(this.#incoming, `${this.#lastTemporary}`);
		try {
			return await this.#put(organisation, temporary, source, maxBytes);
		} catch (error) {
			await rm(temporary, { force: true });
			throw hasCode(error, 'ENOSPC') || hasCode(error, 'EDQUOT') ? new BlobError('full') : error;
		}
	}

	async get(key: BlobKey, range?: BlobRange): Promise<AsyncIterable<Uint8Array> | null> {
		const isEmpty = range !== undefined && range.end <= range.start;
		if (isEmpty) return (await this.stat(key)) === null ? null : chunksOf(new Uint8Array());
		const stretch = range === undefined ? {} : { start: range.start, end: range.end - 1 };
		// Open before it is answered, so that it may be removed meanwhile; closed also by who never begins to read.
		const file = await unlessMissing(open(this.#pathOf(key)));
		return file === null ? null : Readable.toWeb(file.createReadStream(stretch));
	}

	async fileOf(key: BlobKey): Promise<string | null> {
		return (await this.stat(key)) === null ? null : this.#pathOf(key);
	}

	async stat(key: BlobKey): Promise<{ readonly size: number } | null> {
		const found = await unlessMissing(stat(this.#pathOf(key)));
		return found === null ? null : { size: found.size };
	}

	async reserve(key: BlobKey): Promise<Reservation | null> {
		const reservation = this.#reservations.take(nameOf(key));
		if ((await this.stat(key)) !== null) return reservation;
		reservation.release();
		return null;
	}

	async collect(references: AsyncIterable<BlobKey>, signal?: AbortSignal): Promise<Collected> {
		const referenced = new Set<string>();
		for await (const key of references) {
			signal?.throwIfAborted();
			referenced.add(nameOf(key));
		}
		const result = { kept: 0, removed: 0, removedBytes: 0 };
		for await (const key of this.#all()) {
			signal?.throwIfAborted();
			const removedBytes = referenced.has(nameOf(key)) ? null : this.#removeIfOld(key);
			if (removedBytes === null) {
				result.kept += 1;
			} else {
				result.removed += 1;
				result.removedBytes += removedBytes;
			}
		}
		return result;
	}

	#pathOf({ organisation, hash }: BlobKey): string {
		if (!isId(organisation) || !isBlobHash(hash)) throw new TypeError('not the key of a blob');
		return path.join(this.#stored, organisation, hash.slice(0, 2), hash.slice(2, 4), hash);
	}

	async #put(organisation: OrganisationId, temporary: string, source: BlobSource, maxBytes: number) {
		const file = await open(temporary, 'wx');
		let written: { readonly hash: BlobHash; readonly size: number };
		try {
			written = await writeAll(file, source, maxBytes, this.#clock());
		} finally {
			await file.close();
		}
		const key = { organisation, hash: written.hash };
		// Reserved before it has its name, so that a collection never sees it without.
		const reservation = this.#reservations.take(nameOf(key));
		try {
			const target = this.#pathOf(key);
			await this.#ensureFolder(path.dirname(target));
			await rename(temporary, target);
			await syncFolder(path.dirname(target));
		} catch (error) {
			reservation.release();
			throw error;
		}
		return { ...written, reservation };
	}

	/** Makes a folder and its parents, each name durable in the folder above. */
	async #ensureFolder(folder: string): Promise<void> {
		if (folder === this.#stored || this.#knownFolders.has(folder)) return;
		const parent = path.dirname(folder);
		await this.#ensureFolder(parent);
		await mkdir(folder, { recursive: true });
		await syncFolder(parent);
		this.#knownFolders.add(folder);
	}

	async *#all(): AsyncIterable<BlobKey> {
		for (const organisation of await namesIn(this.#stored)) {
			for (const first of await namesIn(path.join(this.#stored, organisation))) {
				for (const second of await namesIn(path.join(this.#stored, organisation, first))) {
					const folder = path.join(this.#stored, organisation, first, second);
					for (const hash of await namesIn(folder)) {
						if (isBlobHash(hash)) yield { organisation: organisation as OrganisationId, hash };
					}
				}
			}
		}
	}

	/** Looks and removes in one turn, so that no reservation or put comes between; null where it stays. */
	#removeIfOld(key: BlobKey): number | null {
		if (this.#reservations.has(nameOf(key))) return null;
		const file = this.#pathOf(key);
		const found = statSync(file, { throwIfNoEntry: false });
		if (found === undefined || this.#clock() - found.mtimeMs < collectionAge) return null;
		unlinkSync(file);
		return found.size;
	}
}

/**
 * Blobs as files of a folder, `sha256/<organisation>/aa/bb/<hash>`. Only the process that holds the data
 * folder may open it; what an earlier process left half written is removed.
 */
export function fileBlobs(options: FileBlobOptions): BlobStore {
	return new FileBlobs(options);
}
