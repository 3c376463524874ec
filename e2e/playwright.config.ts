import { defineConfig } from '@playwright/test';
import { findChromium } from './lab/chromium.mjs';

const executablePath = findChromium();
if (executablePath === undefined) {
	throw new Error('There is no Chromium; `npm test` installs one, or HONGYAN_CHROMIUM names one.');
}

export default defineConfig({
	testDir: './scenarios',
	testMatch: '**/*.test.ts',
	outputDir: '../test-results/scenarios',
	// Much of a scenario is waiting for a page to start; each worker has an office of its own.
	workers: '100%',
	retries: 0,
	forbidOnly: true,
	timeout: 60_000,
	expect: { timeout: 10_000 },
	use: {
		viewport: { width: 1440, height: 900 },
		actionTimeout: 15_000,
		trace: { mode: 'retain-on-failure', screenshots: false },
		screenshot: 'only-on-failure',
		launchOptions: {
			executablePath,
			args: [
				'--headless',
				'--no-sandbox',
				'--disable-gpu',
				'--disable-quic',
				'--no-first-run',
				'--disable-background-networking',
				'--disable-component-update',
				'--disable-sync'
			]
		}
	}
});
