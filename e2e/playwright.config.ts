import { defineConfig } from '@playwright/test';
import { launchOptions, viewport } from './lab/browser.ts';
import { canMountDisks } from './lab/disk.ts';

/** Scenarios that need a disk of the server's own; a container without privileges gives none. */
const needDisks = ['**/full-server.test.ts'];
const left = canMountDisks() ? [] : needDisks;
if (left.length > 0)
	console.warn(`This machine lets no process mount a disk: ${left.join(', ')} is left out.`);

export default defineConfig({
	testDir: './scenarios',
	testMatch: '**/*.test.ts',
	testIgnore: left,
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
