import type { CDPSession, Page } from '@playwright/test';

/** Bytes a device whose disk is nearly full has for the app. */
const quotaSize = 12_000_000;

/** The disk of a device, as far as the browser gives it to the app: it can be full, really, and have room again. */
export class DeviceDisk {
	readonly #page: Page;
	readonly #session: CDPSession;
	readonly #origin: string;

	private constructor(page: Page, session: CDPSession, origin: string) {
		this.#page = page;
		this.#session = session;
		this.#origin = origin;
	}

	/**
	 * A small disk, for a page of the app on which nobody has signed in: later the browser would remember for
	 * half a minute how much room there was.
	 */
	static async small(page: Page): Promise<DeviceDisk> {
		const session = await page.context().newCDPSession(page);
		const { origin } = new URL(page.url());
		await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize });
		return new DeviceDisk(page, session, origin);
	}

	/** Something else takes all the room there is: no write succeeds any more, however small. */
	async fill(): Promise<void> {
		const last = await this.#page.evaluate(async () => {
			const opening = indexedDB.open('filler');
			opening.onupgradeneeded = () => opening.result.createObjectStore('bytes', { autoIncrement: true });
			const database = await new Promise<IDBDatabase>((resolve, reject) => {
				opening.onsuccess = () => resolve(opening.result);
				opening.onerror = () => reject(new Error('the filler does not open'));
			});
			const put = (size: number) =>
				new Promise<string | undefined>((resolve) => {
					const transaction = database.transaction('bytes', 'readwrite');
					// Bytes that can't be compressed.
					const bytes = Uint8Array.from({ length: size }, () => Math.random() * 256);
					transaction.objectStore('bytes').add(bytes);
					transaction.oncomplete = () => resolve(undefined);
					transaction.onabort = () => resolve(transaction.error?.name);
				});
			let failure: string | undefined;
			for (const size of [1_000_000, 10_000, 10]) {
				do failure = await put(size);
				while (failure === undefined);
			}
			database.close();
			return failure;
		});
		if (last !== 'QuotaExceededError') throw new Error(`The disk is not full: ${String(last)}`);
	}

	/** There is room again. */
	async free(): Promise<void> {
		await this.#session.send('Storage.overrideQuotaForOrigin', { origin: this.#origin });
	}
}
