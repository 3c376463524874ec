/** Why storage refused. `full`: the disk's quota; `broken`: it can't be read or written; `closed`: by us. */
export type StorageFailure = 'full' | 'broken' | 'closed';

/** What a storage driver throws, and nothing else; nothing of the transaction was kept. */
export class StorageError extends Error {
	override readonly name = 'StorageError';
	readonly kind: StorageFailure;

	constructor(kind: StorageFailure, cause?: unknown) {
		super(`storage is ${kind}`, { cause });
		this.kind = kind;
	}
}

/** What reading stored things threw, as a failure of storage: what is stored is not what was put there. */
export function asBroken(error: unknown): StorageError {
	return error instanceof StorageError ? error : new StorageError('broken', error);
}

/** Whether an error says that the device's disk is full. */
export function isFull(error: unknown): boolean {
	return error instanceof StorageError && error.kind === 'full';
}
