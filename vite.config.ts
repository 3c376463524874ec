/// <reference types="vitest/config" />
import { sveltekit } from '@sveltejs/kit/vite';
import { svelte } from '@sveltejs/vite-plugin-svelte';
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

/** Much of a test's time is waiting for a disk or a socket: every core gets a worker. */
const workers = { maxWorkers: '100%' };

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
					...workers,
					root: repository,
					environment: 'node',
					include: [
						'*.test.ts',
						'{schema,sync-server,web/first-paint,web/lib,web/routes,web/service-worker}/**/*.test.ts',
						'e2e/lab/**/*.test.ts'
					],
					testTimeout: 60_000,
					hookTimeout: 60_000
				}
			},
			{
				extends: false,
				test: {
					name: 'convergence',
					...workers,
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
					...workers,
					root: repository,
					environment: 'node',
					include: ['e2e/**/*.test.ts'],
					exclude: ['e2e/{scenarios,convergence,lab}/**'],
					testTimeout: 300_000,
					hookTimeout: 60_000
				}
			}
		]
	}
});
