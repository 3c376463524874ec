import type { Locator, Page } from '@playwright/test';
import type { Words } from './words.ts';

/** The letters that are being written. */
export class DraftList {
	readonly #page: Page;
	readonly #words: Words;

	constructor(page: Page, words: Words) {
		this.#page = page;
		this.#words = words;
	}

	get rows(): Locator {
		return this.#page.locator('section.drafts').getByRole('listitem');
	}

	row(subject: string): Locator {
		return this.rows.filter({ hasText: subject });
	}

	/** Goes on with a letter. */
	async open(subject: string): Promise<void> {
		await this.row(subject).getByRole('button').first().click();
	}

	async discard(subject: string): Promise<void> {
		const row = this.row(subject);
		await row.hover();
		await row.getByRole('button', { name: this.#words.discardDraft, exact: true }).click();
	}
}
