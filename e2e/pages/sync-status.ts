import { expect, type Locator, type Page } from '@playwright/test';
import type { LinkWord, Words } from './words.ts';

/** How this device stands to its server: the words in the bar, and the popover behind them. */
export class SyncStatus {
	readonly #page: Page;
	readonly #words: Words;

	constructor(page: Page, words: Words) {
		this.#page = page;
		this.#words = words;
	}

	/** The words in the bar; a press opens the popover, another one closes it. */
	get button(): Locator {
		return this.#page.locator('button.status[aria-haspopup=dialog]');
	}

	/** What waits, and what lately went. */
	get popover(): Locator {
		const { link } = this.#words;
		const anyState = new RegExp(
			Object.values(link)
				.map(({ source }) => source)
				.join('|')
		);
		return this.#page.getByRole('dialog', { name: anyState });
	}

	/** Waits until the bar says so. The server may have come back only now, so this is patient. */
	async expectState(state: LinkWord): Promise<void> {
		await expect(this.button).toHaveAccessibleName(this.#words.link[state], { timeout: 45_000 });
	}

	/** Writes down whatever the bar says on pages that are opened from here on; the answer reads it. */
	async writeDown(): Promise<() => Promise<readonly string[]>> {
		await this.#page.addInitScript(() => {
			const said: string[] = [];
			Object.assign(globalThis, { said });
			new MutationObserver(() => {
				const name = document
					.querySelector('button.status[aria-haspopup=dialog]')
					?.getAttribute('aria-label');
				if (name && name !== said.at(-1)) said.push(name);
			}).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
		});
		return () => this.#page.evaluate(() => (globalThis as unknown as { said: string[] }).said);
	}

	/** Opens the popover. */
	async open(): Promise<void> {
		if ((await this.button.getAttribute('aria-expanded')) !== 'true') await this.button.click();
		await expect(this.popover).toBeVisible();
	}

	/** Closes the popover. */
	async close(): Promise<void> {
		if ((await this.button.getAttribute('aria-expanded')) === 'true') await this.button.click();
		await expect(this.button).toHaveAttribute('aria-expanded', 'false');
	}

	/** The line of a letter in the open popover. */
	letter(subject: string): Locator {
		return this.popover.getByRole('listitem').filter({ hasText: this.#words.outboxLetter(subject) });
	}

	/** Asks the server for mail; busy until it has answered. */
	get receive(): Locator {
		return this.#page.getByRole('button', { name: this.#words.receive, exact: true });
	}

	/** Tries to connect now instead of at the next attempt. */
	async retry(): Promise<void> {
		await this.receive.click();
	}

	/** What asks for the password after the session ended. */
	get signInQuestion(): Locator {
		return this.#page.getByRole('dialog', { name: this.#words.signInAgain });
	}

	/** Goes on working without signing in: the session's end is told beside the work, not over it. */
	async signInLater(): Promise<void> {
		await expect(this.#page.getByRole('alert').filter({ hasText: this.#words.sessionExpired })).toBeVisible();
		await expect(this.signInQuestion).toBeHidden();
	}

	/** Opens the question for the password, from the popover. */
	async askToSignIn(): Promise<void> {
		await this.open();
		await this.popover.getByRole('button', { name: this.#words.signIn, exact: true }).click();
		await expect(this.signInQuestion).toBeVisible();
	}

	/** Answers the question for the password. */
	async signInAgain(password: string): Promise<void> {
		await this.signInQuestion.getByLabel(this.#words.password, { exact: true }).fill(password);
		await this.signInQuestion.getByRole('button', { name: this.#words.signIn, exact: true }).click();
	}
}
