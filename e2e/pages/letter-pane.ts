import { expect, type Download, type FrameLocator, type Locator, type Page } from '@playwright/test';
import type { CommandWord, FolderWord, Words } from './words.ts';

/** A letter, or a thread of them, opened for reading. */
export class LetterPane {
	readonly #page: Page;
	readonly #words: Words;

	constructor(page: Page, words: Words) {
		this.#page = page;
		this.#words = words;
	}

	get pane(): Locator {
		return this.#page.getByRole('region', { name: this.#words.letterPane, exact: true });
	}

	/** What stands beside the list while no letter is open. */
	get besideList(): Locator {
		return this.#page.locator('.detail');
	}

	/** When a letter came, where that is not when it was sent. */
	get arrived(): Locator {
		return this.pane.locator('.arrived');
	}

	get subject(): Locator {
		return this.pane.getByRole('heading', { level: 1 });
	}

	/** The letters of the thread that are opened, oldest first. */
	get letters(): Locator {
		return this.pane.getByRole('article');
	}

	/** The letters of the thread that are folded to a line. */
	get folded(): Locator {
		return this.pane.locator('button.folded');
	}

	/** What folds an opened letter of a thread again. */
	foldButton(letter: Locator): Locator {
		return letter.locator('button[data-toggles]');
	}

	/** Unfolds every letter of the thread; of a long run only the first shows until more are asked for. */
	async unfoldAll(): Promise<void> {
		await this.pane.evaluate(async (pane) => {
			for (;;) {
				const button = pane.querySelector<HTMLElement>('button.more, button.folded');
				if (button === null) return;
				(pane.querySelector<HTMLElement>('button.more') ?? button).click();
				await new Promise(requestAnimationFrame);
			}
		});
	}

	/** How many letters and people the thread has. */
	get threadSize(): Locator {
		return this.pane.locator('.about');
	}

	/** The text of a letter that has no HTML. */
	get text(): Locator {
		return this.pane.locator('div.text');
	}

	/** The page inside the frame that a letter's HTML is shown in. */
	html(letter: Locator = this.letters.last()): FrameLocator {
		return letter.frameLocator('iframe');
	}

	/** What stands above a letter: remote pictures left out, something wrong with it. */
	get notices(): Locator {
		return this.pane.locator('.banner');
	}

	/** Waits until the letter with this subject is shown. */
	async expectSubject(subject: string): Promise<void> {
		await expect(this.subject).toHaveText(subject);
	}

	/** A button of the letter's toolbar. */
	button(command: CommandWord): Locator {
		const toolbar = this.pane.getByRole('toolbar', { name: this.#words.letterActions });
		return toolbar.getByRole('button', { name: this.#words.commands[command], exact: true });
	}

	/** Presses a button of the letter's toolbar. */
	async act(command: CommandWord): Promise<void> {
		await this.button(command).click();
	}

	/** What is scrolled to read on. */
	get scroller(): Locator {
		return this.pane.locator('.scroll');
	}

	/** Moves the letter with the toolbar. */
	async moveTo(folder: FolderWord): Promise<void> {
		await this.act('move');
		await this.#page.getByRole('menuitem', { name: this.#words.folders[folder] }).click();
	}

	/** Leaves the letter for the list. */
	async back(): Promise<void> {
		await this.pane.getByRole('button', { name: this.#words.back, exact: true }).click();
	}

	/** A file of the letter. */
	attachment(name: string): Locator {
		return this.pane.getByRole('listitem').filter({ hasText: name });
	}

	/** Begins to save a file, or gives it up while it comes. */
	async pressFile(name: string, button: 'download' | 'cancelDownload'): Promise<void> {
		const label = this.#words[button](name);
		await this.attachment(name).getByRole('button', { name: label, exact: true }).click();
	}

	/** Asks for the text of a letter again. */
	async tryAgain(): Promise<void> {
		await this.pane.getByRole('button', { name: this.#words.tryAgain, exact: true }).click();
	}

	/** Saves a file of the letter. */
	async download(name: string): Promise<Download> {
		const downloading = this.#page.waitForEvent('download');
		await this.attachment(name).getByRole('button').click();
		return downloading;
	}
}
