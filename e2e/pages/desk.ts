import { expect, type Page } from '@playwright/test';
import { Composer } from './composer.ts';
import { DraftList } from './draft-list.ts';
import { Frame } from './frame.ts';
import { LetterPane } from './letter-pane.ts';
import { MessageList } from './message-list.ts';
import { SignInScreen } from './sign-in-screen.ts';
import { SyncStatus } from './sync-status.ts';
import { wordsOf, type Language } from './words.ts';

/** One tab of the app as the person before it sees it. */
export class Desk {
	readonly page: Page;
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
