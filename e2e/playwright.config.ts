import { defineConfig } from '@playwright/test';
import { launchOptions, viewport } from './lab/browser.ts';

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
		viewport,
		actionTimeout: 15_000,
		trace: { mode: 'retain-on-failure', screenshots: false },
		screenshot: 'only-on-failure',
		launchOptions: launchOptions()
	}
});
