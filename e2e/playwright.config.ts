import { defineConfig } from '@playwright/test';
import { availableParallelism } from 'node:os';
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
