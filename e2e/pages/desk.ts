import { expect, type Download, type Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { Composer } from './composer.ts';
import { DraftList } from './draft-list.ts';
import { Frame } from './frame.ts';
import { LetterPane } from './letter-pane.ts';
import { MessageList } from './message-list.ts';
import { SignInScreen } from './sign-in-screen.ts';
import { SyncStatus } from './sync-status.ts';
import { wordsOf, type Language, type Words } from './words.ts';

/** One tab of the app as the person before it sees it. */
export class Desk {
	readonly page: Page;
	readonly words: Words;
	readonly signIn: SignInScreen;
	readonly frame: Frame;
	readonly list: MessageList;
	readonly drafts: DraftList;
	readonly letter: LetterPane;
	readonly composer: Composer;
	readonly sync: SyncStatus;

	constructor(page: Page, language: Language) {
		const words = wordsOf(language);
		this.page = page;
		this.words = words;
		this.signIn = new SignInScreen(page, words);
		this.frame = new Frame(page, words);
		this.list = new MessageList(page, words);
		this.drafts = new DraftList(page, words);
		this.letter = new LetterPane(page, words);
		this.composer = new Composer(page, words);
		this.sync = new SyncStatus(page, words);
	}

	/** Waits until everything of this device is with the server, and the other way round. */
	async expectSynced(): Promise<void> {
		await this.sync.expectState('synced');
	}

	/** Presses a key where no field has the cursor. */
	async press(key: string): Promise<void> {
		await this.page.keyboard.press(key);
	}

	/** Fails if the page was loaded anew while this ran. */
	async expectNotReloadedSince(run: () => Promise<void>): Promise<void> {
		const before = await this.page.evaluate(() => performance.timeOrigin);
		await run();
		expect(await this.page.evaluate(() => performance.timeOrigin)).toBe(before);
	}

	/** The bytes of a file that the browser saved. */
	async readDownload(download: Download): Promise<Buffer> {
		return readFile(await download.path());
	}

	/** The names of the databases this device keeps. */
	databases(): Promise<string[]> {
		return this.page.evaluate(async () => (await indexedDB.databases()).map(({ name = '' }) => name));
	}

	/** Every text this device keeps outside its databases, but for the files of the app itself. */
	textKept(): Promise<string> {
		return this.page.evaluate(async () => {
			const texts = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
			for (const name of await caches.keys()) {
				if (name.startsWith('workbox-precache')) continue;
				const cache = await caches.open(name);
				for (const response of await cache.matchAll()) texts.push(response.url, await response.text());
			}
			return texts.join('\n');
		});
	}

	/** Puts what makes no sense into every record of a store of this device's database. */
	async spoil(store: string): Promise<void> {
		await this.page.evaluate(async (name) => {
			const [found] = await indexedDB.databases();
			const opening = indexedDB.open(found?.name ?? '');
			const database = await new Promise<IDBDatabase>((resolve, reject) => {
				opening.onsuccess = () => resolve(opening.result);
				opening.onerror = () => reject(new Error('the database does not open'));
			});
			const transaction = database.transaction(name, 'readwrite');
			const records = transaction.objectStore(name);
			const keys = records.getAllKeys();
			keys.onsuccess = () => {
				for (const key of keys.result) records.put({ spoiled: true }, key);
			};
			await new Promise((resolve) => (transaction.oncomplete = resolve));
			database.close();
			if (keys.result.length === 0) throw new Error(`there is nothing in ${name}`);
		}, store);
	}

	/** Waits until this device holds the text of so many letters, so that they can be read with no network. */
	async expectLettersHeld(count: number): Promise<void> {
		await this.#expectStored('contents', count);
	}

	/** Waits until the first page of so many folders is kept ready for the next start. */
	async expectPagesReady(count: number): Promise<void> {
		await this.#expectStored('pages', count);
	}

	async #expectStored(name: 'contents' | 'pages', count: number): Promise<void> {
		await expect
			.poll(() =>
				this.page.evaluate(async (store) => {
					const [found] = await indexedDB.databases();
					if (found?.name === undefined) return 0;
					const opening = indexedDB.open(found.name);
					const database = await new Promise<IDBDatabase>((resolve, reject) => {
						opening.onsuccess = () => resolve(opening.result);
						opening.onerror = () => reject(new Error('the database does not open'));
					});
					const keys = database.transaction(store).objectStore(store).getAllKeys();
					const held = await new Promise<number>(
						(resolve) => (keys.onsuccess = () => resolve(keys.result.length))
					);
					database.close();
					return held;
				}, name)
			)
			.toBe(count);
	}

	/** The cookies of this browser, as a request carries them. */
	async cookieHeader(): Promise<string> {
		const cookies = await this.page.context().cookies();
		return cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
	}

	/** Waits until the service worker is ready to serve this page with no network. */
	async expectInstalled(): Promise<void> {
		await expect
			.poll(() =>
				this.page.evaluate(async () => {
					const { active } = await navigator.serviceWorker.ready;
					return active?.state;
				})
			)
			.toBe('activated');
	}
}
