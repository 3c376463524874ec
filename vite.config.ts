/// <reference types="vitest/config" />
import { sveltekit } from '@sveltejs/kit/vite';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import kit from './svelte.config.js';
import { compiledCatalogues } from './vite-catalogues.ts';
import { earlyValues } from './vite-early-values.ts';
import { servedFirstPaint } from './vite-first-paint.ts';

const repository = fileURLToPath(new URL('.', import.meta.url));

/**
 * The list and the frame around it, with all they import, in one file: a cold start reads few files, and one
 * dictionary compresses them all. What is imported on demand stays apart.
 */
const shell = {
	name: 'shell',
	test: /[\\/]web[\\/]routes[\\/](?:\+(?:layout|error)|\(app\)[\\/](?:mail[\\/]\[folder\][\\/])?\+(?:layout|page))\.(?:svelte|ts)$/
};

/** What tests that leave something to chance begin with; each prints it (`schema/trial/seed.ts`). */
const seed = Number(process.env['HONGYAN_SEED'] ?? randomInt(2 ** 31));
if (!Number.isSafeInteger(seed)) throw new Error('HONGYAN_SEED should be a whole number.');

/**
 * Half of a test's time is waiting for a disk, a socket or a process: there is a worker more than there are cores. What
 * Node lends a started server (`sync-server/launch/child.mjs`) the store's tests have too.
 */
const everyProject = {
	maxWorkers: 1 + availableParallelism(),
	globalSetup: path.join(repository, 'e2e/lab/temporary.ts'),
	execArgv: ['--expose-gc'],
	provide: { seed }
};

export default defineConfig({
	root: fileURLToPath(new URL('web', import.meta.url)),
	plugins: [compiledCatalogues(), earlyValues(), servedFirstPaint(), sveltekit(kit)],
	environments: {
		client: { build: { rolldownOptions: { output: { codeSplitting: { groups: [shell] } } } } }
	},
	worker: { format: 'es' },
	server: { fs: { allow: [repository] } },
	test: {
		projects: [
			{
				extends: false,
				plugins: [svelte({ configFile: false })],
				test: {
					name: 'unit',
					...everyProject,
					// A worker keeps its modules from file to file: to load them anew takes as long as a third of the tests.
					isolate: false,
					root: repository,
					environment: 'node',
					include: [
						'*.test.ts',
						'{schema,sync-server,web/first-paint,web/lib,web/routes,web/service-worker}/**/*.test.ts',
						'e2e/{lab,outside}/**/*.test.ts'
					],
					testTimeout: 60_000,
					hookTimeout: 60_000
				}
			},
			{
				extends: false,
				test: {
					name: 'convergence',
					...everyProject,
					root: repository,
					environment: 'node',
					include: ['e2e/convergence/**/*.test.ts'],
					testTimeout: 120_000,
					hookTimeout: 60_000
				}
			},
			{
				extends: false,
				test: {
					// The real server as a process, with no browser: what a scenario is not needed for.
					name: 'process',
					...everyProject,
					root: repository,
					environment: 'node',
					include: ['e2e/**/*.test.ts'],
					exclude: ['e2e/{scenarios,convergence,lab,outside}/**'],
					testTimeout: 300_000,
					hookTimeout: 60_000
				}
			}
		]
	}
});
