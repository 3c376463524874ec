import {
	chromium,
	type BrowserContext,
	type BrowserContextOptions,
	type LaunchOptions
} from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** How a computer's browser is started. */
export type BrowserSettings = LaunchOptions & BrowserContextOptions;

/**
 * A computer with a browser of its own, whose profile outlives the browser: it can be closed, or killed, and
 * opened again, and what was installed or kept is still there.
 */
export class Computer {
	readonly #profile: string;
	readonly #settings: BrowserSettings;
	#browser: BrowserContext | undefined;

	private constructor(profile: string, settings: BrowserSettings) {
		this.#profile = profile;
		this.#settings = settings;
	}

	/** A computer nobody has used. `dispose` it in the end. */
	static async make(settings: BrowserSettings): Promise<Computer> {
		return new Computer(await mkdtemp(path.join(tmpdir(), 'hongyan-computer-')), settings);
	}

	/** Its browser, opened if it is closed. */
	async browser(): Promise<BrowserContext> {
		this.#browser ??= await chromium.launchPersistentContext(this.#profile, this.#settings);
		return this.#browser;
	}

	/** Closes the browser as a person does. */
	async closeBrowser(): Promise<void> {
		await this.#browser?.close();
		this.#browser = undefined;
	}

	/** Closes the browser and forgets the profile. */
	async dispose(): Promise<void> {
		await this.closeBrowser();
		await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
	}
}
