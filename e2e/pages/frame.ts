import { expect, type Locator, type Page } from '@playwright/test';
import type { FolderWord, Words } from './words.ts';

/** What stands around every screen: folders, tabs, the menu of the person, notices, questions. */
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

	/** Goes to a folder; where the panel is folded away, it is opened for that. */
	async openFolder(folder: FolderWord): Promise<void> {
		await expect(this.#page.getByRole('main')).toBeVisible();
		if (!(await this.folder(folder).isVisible())) await this.openPanel();
		await this.folder(folder).click();
		await this.#page.waitForURL(`**/mail/${folder}`);
		if (await this.panelOpener.isVisible()) await expect(this.folders).toBeHidden();
	}

	/** Opens the panel of folders where it is folded away. */
	async openPanel(): Promise<void> {
		await this.panelOpener.click();
		await expect(this.folders).toBeInViewport();
	}

	/** What opens the panel where it is folded away; not there where it always stands. */
	get panelOpener(): Locator {
		return this.#page.locator('button[aria-controls=navigation]').filter({ visible: true });
	}

	/** The button that starts a letter. */
	get composeButton(): Locator {
		return this.#page
			.getByRole('button', { name: this.#words.compose, exact: true })
			.filter({ visible: true });
	}

	/** The name of the organisation, beside the sign. */
	get organisation(): Locator {
		return this.#page.getByRole('banner').locator('.brand .cut');
	}

	/** Starts a letter with the button. */
	async compose(): Promise<void> {
		const before = this.#page.url();
		await this.composeButton.first().click();
		await this.#page.waitForURL(({ href, pathname }) => href !== before && pathname.startsWith('/compose/'));
	}

	/** The tabs along the top: the list, then open letters. */
	get tabs(): Locator {
		return this.#page.getByRole('tablist', { name: this.#words.tabs }).getByRole('tab');
	}

	/** The tab of an open letter. */
	tab(title: string): Locator {
		return this.tabs.filter({ hasText: title });
	}

	/** Goes to a tab by the list of all of them, which is there where the bar has no room. */
	async chooseTab(title: string): Promise<void> {
		await this.#page.getByRole('button', { name: this.#words.allTabs, exact: true }).click();
		await this.#page.getByRole('menuitemradio', { name: title }).click();
	}

	async closeTab(title: string): Promise<void> {
		const bar = this.#page.getByRole('tablist', { name: this.#words.tabs });
		await bar.getByRole('button', { name: new RegExp(`${this.#words.closeTab}.*${title}`) }).click();
	}

	/** The notices at the edge, each with what can be done about it. */
	get toasts(): Locator {
		return this.#page.getByRole('region', { name: this.#words.notices }).locator('.toast');
	}

	/** What takes back what the latest notice tells. */
	get undoButton(): Locator {
		return this.toasts.getByRole('button', { name: this.#words.undo, exact: true }).last();
	}

	/** Takes back what the latest notice tells. */
	async undo(): Promise<void> {
		await this.undoButton.click();
	}

	/** Calls back the letter that was sent last. */
	async callBack(): Promise<void> {
		await this.toasts.getByRole('button', { name: this.#words.callBack, exact: true }).last().click();
	}

	/** How long the letter that was sent last can still be called back. */
	get countdown(): Locator {
		return this.toasts.getByText(this.#words.countdown).last();
	}

	/** Sends the letter that was sent last at once. */
	async sendNow(): Promise<void> {
		await this.toasts.getByRole('button', { name: this.#words.sendNow, exact: true }).last().click();
	}

	/** Answers the question that is asked; its last button is the one that does it. */
	async answerQuestion(answer: 'yes' | 'no'): Promise<void> {
		const buttons = this.#page.getByRole('dialog').locator('footer').getByRole('button');
		await (answer === 'yes' ? buttons.last() : buttons.first()).click();
		await expect(this.#page.getByRole('dialog')).toHaveCount(0);
	}

	/** The table of keys. */
	get keyboardMap(): Locator {
		return this.#page.getByRole('dialog', { name: this.#words.keyboardMap });
	}

	/** Switches the language in the menu of the person. */
	async chooseLanguage(language: 'zh' | 'en'): Promise<void> {
		await this.openMenu();
		await this.menu
			.getByRole('radio', { name: language === 'zh' ? '中文' : 'English' })
			.check({ force: true });
		await this.#page.keyboard.press('Escape');
	}

	/** Switches between light and dark in the menu of the person. */
	async chooseMode(mode: 'light' | 'dark'): Promise<void> {
		await this.openMenu();
		await this.menu.getByRole('radio', { name: this.#words.modes[mode], exact: true }).check({ force: true });
		await this.#page.keyboard.press('Escape');
	}

	/** The menu of the person, once it is open. */
	get menu(): Locator {
		return this.#page.getByRole('dialog').filter({ has: this.#page.getByRole('radiogroup') });
	}

	/** What opens the menu of the person. */
	get menuOpener(): Locator {
		return this.#page.getByRole('button', { name: this.#words.personMenu });
	}

	/** Opens the menu of the person. */
	async openMenu(): Promise<void> {
		await this.menuOpener.click();
		await expect(this.menu).toBeVisible();
	}

	/** What sign-out asks before it wipes the device. */
	get signOutQuestion(): Locator {
		return this.#page.getByRole('dialog', { name: this.#words.signOutTitle });
	}

	/** Asks to sign out; the question is then open. */
	async askToSignOut(): Promise<void> {
		await this.openMenu();
		await this.menu.getByRole('button', { name: this.#words.signOut, exact: true }).click();
		await expect(this.signOutQuestion).toBeVisible();
	}

	/** Says yes to the question of sign-out; `losing` what was not synced, or with nothing to lose. */
	async confirmSignOut(kind: 'losing' | 'nothing'): Promise<void> {
		const name = kind === 'losing' ? this.#words.confirmSignOutWithLoss : this.#words.confirmSignOut;
		await this.signOutQuestion.getByRole('button', { name, exact: true }).click();
	}

	/** Thinks better of signing out. */
	async cancelSignOut(): Promise<void> {
		await this.signOutQuestion.getByRole('button', { name: this.#words.cancel, exact: true }).click();
		await expect(this.signOutQuestion).toBeHidden();
	}

	/** Signs out with everything synced. */
	async signOut(): Promise<void> {
		await this.askToSignOut();
		await this.confirmSignOut('nothing');
	}
}
