import { expect, type Locator, type Page } from '@playwright/test';
import type { Words } from './words.ts';

/** What a person types to sign in. */
interface Credentials {
	readonly address: string;
	readonly password: string;
}

/** Where people sign in. */
export class SignInScreen {
	readonly #page: Page;
	readonly #words: Words;

	constructor(page: Page, words: Words) {
		this.#page = page;
		this.#words = words;
	}

	get address(): Locator {
		return this.#page.getByRole('textbox', { name: this.#words.address, exact: true });
	}

	get password(): Locator {
		return this.#page.getByLabel(this.#words.password, { exact: true });
	}

	/** Why the person was not let in. */
	get problem(): Locator {
		return this.#page.getByRole('alert');
	}

	async open(): Promise<void> {
		await this.#page.goto('/');
		await expect(this.address).toBeVisible();
	}

	/** Signs in; what comes of it is for the test to say. */
	async signIn({ address, password }: Credentials): Promise<void> {
		await this.address.fill(address);
		await this.password.fill(password);
		await this.submit();
	}

	/** Signs in and waits for the server's answer. */
	async tryWith(credentials: Credentials): Promise<void> {
		const answer = this.#page.waitForResponse((response) => response.url().endsWith('/api/session'));
		await this.signIn(credentials);
		await answer;
	}

	async submit(): Promise<void> {
		await this.#page.getByRole('button', { name: this.#words.signIn, exact: true }).click();
	}

	/** Ticks or clears "remember my address". */
	async rememberAddress(wanted: boolean): Promise<void> {
		await this.#page
			.getByRole('checkbox', { name: this.#words.rememberAddress })
			.setChecked(wanted, { force: true });
	}

	/** Says that this computer is not the person's own. */
	async onPublicComputer(): Promise<void> {
		await this.#page.getByRole('checkbox', { name: this.#words.publicComputer }).check({ force: true });
	}
}
