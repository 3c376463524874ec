import { expect, type Locator, type Page } from '@playwright/test';
import type { FolderWord, Words } from './words.ts';

/** What stands around every screen: folders, tabs, the menu of the person, notices. */
export class Frame {
	readonly #page: Page;
	readonly #words: Words;

	constructor(page: Page, words: Words) {
		this.#page = page;
		this.#words = words;
	}

	/** The folders of the navigation panel. */
	get folders(): Locator {
		return this.#page.getByRole('navigation', { name: this.#words.foldersPanel });
	}

	/** A folder; its accessible name ends with its count, where it has one. */
	folder(folder: FolderWord): Locator {
		return this.folders.getByRole('link', { name: this.#words.folders[folder] });
	}

	/** Goes to a folder. */
	async openFolder(folder: FolderWord): Promise<void> {
		await this.folder(folder).click();
		await expect(this.#page.getByRole('heading', { level: 1, name: this.#words.folders[folder] })).toBeVisible();
	}

	/** Starts a letter with the button. */
	async compose(): Promise<void> {
		await this.#page.getByRole('button', { name: this.#words.compose, exact: true }).first().click();
	}

	/** The tabs along the top. */
	get tabs(): Locator {
		return this.#page.getByRole('tablist', { name: this.#words.tabs }).getByRole('tab');
	}

	/** The notices at the edge, each with what can be done about it. */
	get toasts(): Locator {
		return this.#page.getByRole('region', { name: this.#words.notices }).locator('.toast');
	}

	/** Presses a button of the latest notice. */
	async actOnToast(name: string): Promise<void> {
		await this.toasts.last().getByRole('button', { name, exact: true }).click();
	}

	/** Takes back what the latest notice tells. */
	async undo(): Promise<void> {
		await this.actOnToast(this.#words.undo);
	}

	/** Opens the menu of the person and chooses from it. */
	async choose(item: string): Promise<void> {
		await this.openMenu();
		await this.#page.getByRole('menuitem', { name: item }).or(this.#page.getByRole('menuitemradio', { name: item })).click();
	}

	/** Opens the menu of the person. */
	async openMenu(): Promise<void> {
		await this.#page.getByRole('button', { name: this.#words.personMenu }).click();
	}
}
