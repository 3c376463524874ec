import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { SpaceId } from '#schema/ids.ts';
import { createDirectory, type Directory, type MakeSpace } from './accounts/directory.ts';
import type { Configuration } from './config.ts';
import type { BlobStore } from './store/blobs/blob-store.ts';
import { fileBlobs } from './store/blobs/file-blobs.ts';
import type { Organisation } from './store/directory/organisation.ts';
import type { SpaceKind } from './store/space/kind.ts';
import { spacePath } from './store/space/path.ts';
import { openStore, type Store, type StoreFile } from './store/store.ts';

/** What lies in a data folder, open: the part of the server that commands without a network use as well. */
export interface Core {
	readonly store: Store;
	readonly blobs: BlobStore;
	readonly directory: Directory;
	readonly organisation: Organisation;
	space(space: SpaceId): StoreFile<SpaceKind>;
	readonly makeSpace: MakeSpace;
	close(): Promise<void>;
}

/** How the core is surrounded. */
export interface CoreOptions {
	/** Wraps the store, to measure it. */
	readonly observe?: (store: Store) => Store;
	/** A writer thread died; the process should end. */
	readonly onFailure?: (error: Error) => void;
}

/** System chance. */
export const systemRandom = (length: number): Uint8Array => crypto.getRandomValues(new Uint8Array(length));

/** Makes the data folder where there is none, and keeps everybody else on this machine out of it. */
export function prepareDataFolder(directory: string): void {
	mkdirSync(directory, { recursive: true, mode: 0o700 });
	chmodSync(directory, 0o700);
}

/**
 * Opens a data folder, making it and founding the organisation where they are not there yet.
 *
 * @throws StoreError `refused` where another process holds the folder
 */
export async function openCore(configuration: Configuration, options: CoreOptions = {}): Promise<Core> {
	prepareDataFolder(configuration.data);
	const opened = openStore({
		directory: configuration.data,
		writer: new URL('./writer.ts', import.meta.url),
		threads: configuration.threads.writers,
		...(options.onFailure === undefined ? {} : { onFailure: options.onFailure })
	});
	const store = options.observe?.(opened) ?? opened;
	try {
		const blobs = fileBlobs({ directory: path.join(configuration.data, 'blobs'), clock: Date.now });
		const directory = createDirectory(store, {
			clock: Date.now,
			random: systemRandom,
			postmaster: configuration.postmaster
		});
		const { name, domain } = configuration.organisation;
		const organisation = await directory.found(name, [domain]);
		const space = (id: SpaceId) => store.file<SpaceKind>('space', spacePath(id));
		return {
			store,
			blobs,
			directory,
			organisation,
			space,
			makeSpace: async ({ space: id, principal }) => {
				await space(id).call('create', {
					space: id,
					principal,
					organisation: organisation.id,
					spaceKind: 'mailbox'
				});
			},
			close: async () => {
				directory.close();
				await store.close();
			}
		};
	} catch (error) {
		await store.close();
		throw error;
	}
}
