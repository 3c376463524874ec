import { expect, type FrameLocator, type Locator, type Page } from '@playwright/test';
import type { FieldWord, Words } from './words.ts';

/** A file as a person picks it. */
export interface PickedFile {
	readonly name: string;
	readonly mimeType: string;
	readonly buffer: Buffer;
}

/** Where a letter is written. */
export class Composer {
	readonly #page: Page;
	readonly #words: Words;

	constructor(page: Page, words: Words) {
		this.#page = page;
		this.#words = words;
	}

	get screen(): Locator {
		return this.#page.getByRole('region', { name: this.#words.composer, exact: true });
	}

	get subject(): Locator {
		return this.screen.getByRole('textbox', { name: this.#words.fields.subject, exact: true });
	}

	get body(): Locator {
		return this.screen.getByRole('textbox', { name: this.#words.body, exact: true });
	}

	/** How safe what was typed is, in words. */
	get status(): Locator {
		return this.screen.getByRole('status');
	}

	/** Why the letter could not be sent. */
	get problems(): Locator {
		return this.screen.getByRole('alert');
	}

	/** The people in a field, as chips. */
	people(field: FieldWord): Locator {
		return this.screen
			.locator('.field')
			.filter({ has: this.#page.getByRole('combobox', { name: this.#words.fields[field], exact: true }) })
			.getByRole('group');
	}

	/** Types addresses into a field, each into a chip of its own. */
	async address(field: FieldWord, ...addresses: readonly string[]): Promise<void> {
		const entry = this.#entry(field);
		if (field !== 'to' && !(await entry.isVisible())) {
			await this.screen.getByRole('button', { name: this.#words.fields[field], exact: true }).click();
		}
		for (const address of addresses) {
			const before = await this.people(field).count();
			await entry.fill(address);
			await entry.press(',');
			await expect(this.people(field)).toHaveCount(before + 1);
		}
	}

	/** Types the beginning of a name into a field, for which people are offered. */
	async suggest(field: FieldWord, beginning: string): Promise<void> {
		await this.#entry(field).fill(beginning);
	}

	/** The people who are offered. */
	get suggestions(): Locator {
		return this.screen.getByRole('option');
	}

	/** Types into a field of recipients, looks at whom it offers, then presses a key. */
	async enter(field: FieldWord, typed: string, ...keys: readonly string[]): Promise<void> {
		await this.#entry(field).fill(typed);
		await expect(this.screen.getByRole('option').first()).toBeVisible();
		for (const key of keys) await this.#entry(field).press(key);
	}

	/** Writes at the place where the cursor is put, all at once. */
	async write(text: string): Promise<void> {
		await this.body.click();
		await this.#page.keyboard.insertText(text);
	}

	/** Types at the place where the cursor is put, key by key. */
	async type(text: string): Promise<void> {
		await this.body.click();
		await this.body.pressSequentially(text);
	}

	/** A button of the formatting bar. */
	formatButton(name: keyof Words['formats']): Locator {
		return this.screen.getByRole('button', { name: this.#words.formats[name], exact: true });
	}

	/** Presses a button of the formatting bar. */
	async format(name: keyof Words['formats']): Promise<void> {
		await this.formatButton(name).click();
	}

	/** What attaches files. */
	get attachButton(): Locator {
		return this.screen.getByRole('button', { name: this.#words.attach, exact: true });
	}

	/** Attaches files with the button. */
	async attach(...files: readonly PickedFile[] | readonly string[]): Promise<void> {
		const choosing = this.#page.waitForEvent('filechooser');
		await this.attachButton.click();
		await (await choosing).setFiles(files);
	}

	/** An attached file. */
	attachment(name: string): Locator {
		return this.screen.getByRole('listitem').filter({ hasText: name });
	}

	/** Fetches a file of the original again. */
	async fetchAgain(name: string): Promise<void> {
		await this.attachment(name)
			.getByRole('button', { name: this.#words.fetchAgain(name), exact: true })
			.click();
	}

	/** What is said of the original where its text is not in the letter. */
	get originalNotice(): Locator {
		return this.screen.locator('.notice');
	}

	/** Presses a button of that notice; gives up, where it goes meanwhile, after so many milliseconds. */
	async answerNotice(way: 'again' | 'attachWhole' | 'leaveOut', timeout?: number): Promise<void> {
		const name = way === 'again' ? this.#words.tryAgain : this.#words.original[way];
		await this.originalNotice
			.getByRole('button', { name, exact: true })
			.click(timeout === undefined ? {} : { timeout });
	}

	/** The question asked before a letter goes without something of its original. */
	get missingQuestion(): Locator {
		return this.#page.getByRole('dialog', { name: this.#words.missingTitle });
	}

	/** Answers it: the letter goes without, or waits. */
	async answerMissing(answer: 'send' | 'wait'): Promise<void> {
		const name = answer === 'send' ? this.#words.withoutMissing : this.#words.cancel;
		await this.missingQuestion.getByRole('button', { name, exact: true }).click();
	}

	/** Waits until the words of the status say that the server has all that was typed. */
	async expectSaved(): Promise<void> {
		await expect(this.status).toHaveText(this.#words.savedOnServer);
	}

	/** Waits until the words of the status say that this device has all that was typed. */
	async expectSavedHere(): Promise<void> {
		await expect(this.status).toHaveText(this.#words.savedHere);
	}

	async send(): Promise<void> {
		await this.screen.getByRole('button', { name: this.#words.send, exact: true }).click();
	}

	async discard(): Promise<void> {
		await this.screen.getByRole('button', { name: this.#words.discardDraft, exact: true }).click();
	}

	/** Looks at the letter that is answered. */
	async showQuote(): Promise<void> {
		await this.screen.getByRole('button', { name: this.#words.showQuote, exact: true }).click();
	}

	/** The page inside the frame that the quoted letter is shown in. */
	get quote(): FrameLocator {
		return this.screen.frameLocator('iframe');
	}

	#entry(field: FieldWord): Locator {
		return this.screen.getByRole('combobox', { name: this.#words.fields[field], exact: true });
	}
}
