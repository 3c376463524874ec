import { defineConfig } from '@playwright/test';
import { availableParallelism } from 'node:os';
import { launchOptions, viewport } from './lab/browser.ts';
import { canMountDisks } from './lab/disk.ts';

/** Scenarios that need a disk of the server's own; a container without privileges gives none. */
const needDisks = ['**/full-server.test.ts'];
const left = canMountDisks() ? [] : needDisks;

/** Scenarios whose server is told something of its own; they come last, so that no worker's office is given up for one. */
const ownServers = ['**/{full-server,tls,undo-send}.test.ts'];
if (left.length > 0)
	console.warn(`This machine lets no process mount a disk: ${left.join(', ')} is left out.`);

export default defineConfig({
	testDir: './scenarios',
	projects: [
		{ name: 'shared offices', testMatch: '**/*.test.ts', testIgnore: ownServers },
		{ name: 'servers of their own', testMatch: ownServers, testIgnore: left }
	],
	fullyParallel: true,
	outputDir: '../test-results/scenarios',
	globalSetup: './lab/temporary.ts',
	// A fifth of a scenario is waiting for a disk, a socket or a frame; each worker has an office of its own.
	workers: 1 + availableParallelism(),
	retries: 0,
	forbidOnly: true,
	timeout: 120_000,
	expect: { timeout: 15_000 },
	use: {
		viewport,
		// To install the app costs a fifth of a scenario; those that are about the installed app allow it.
		serviceWorkers: 'block',
		actionTimeout: 20_000,
		// Tracing costs a tenth; `npm run e2e -- --trace=retain-on-failure` where one is wanted.
		trace: 'off',
		screenshot: 'only-on-failure',
		launchOptions: launchOptions()
	}
});
