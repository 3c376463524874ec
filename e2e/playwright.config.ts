import { defineConfig } from '@playwright/test';
import { availableParallelism } from 'node:os';
import { launchOptions, viewport } from './lab/browser.ts';

export default defineConfig({
	testDir: './scenarios',
	testMatch: '**/*.test.ts',
	outputDir: '../test-results/scenarios',
	// Half of a scenario is waiting for a disk, a socket or a frame; each worker has an office of its own.
	workers: 2 * availableParallelism(),
	retries: 0,
	forbidOnly: true,
	timeout: 120_000,
	expect: { timeout: 15_000 },
	use: {
		viewport,
		actionTimeout: 20_000,
		trace: { mode: 'retain-on-failure', screenshots: false },
		screenshot: 'only-on-failure',
		launchOptions: launchOptions()
	}
});
