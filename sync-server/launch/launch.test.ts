import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isInstalled } from './installation.mjs';
import { isWebBuilt } from './web-build.mjs';

let root: string;

beforeEach(async () => {
	root = await mkdtemp(path.join(tmpdir(), 'hongyan-launch-'));
});

afterEach(async () => {
	await rm(root, { recursive: true });
});

/** Writes a file and gives it and its folders that time, in seconds. */
async function write(file: string, text: string, time: number): Promise<void> {
	await mkdir(path.join(root, path.dirname(file)), { recursive: true });
	await writeFile(path.join(root, file), text);
	for (let place = file; place !== '.'; place = path.dirname(place)) {
		await utimes(path.join(root, place), time, time);
	}
}

describe('what npm start finds installed', () => {
	const hono = { version: '4.13.19' };

	async function installed(packages: object, locked: object): Promise<boolean> {
		await write('node_modules/.bin/node', '', 1);
		await write('node_modules/.package-lock.json', JSON.stringify({ packages }), 1);
		await write('package-lock.json', JSON.stringify({ packages: { '': {}, ...locked } }), 1);
		return isInstalled(root);
	}

	it('is all of it when every locked package is there in its version', async () => {
		expect(await installed({ 'node_modules/hono': hono }, { 'node_modules/hono': hono })).toBe(true);
	});

	it('is not all of it when nothing is installed', async () => {
		await write('package-lock.json', JSON.stringify({ packages: {} }), 1);
		expect(isInstalled(root)).toBe(false);
	});

	it('is not all of it when a package is missing, or of another version', async () => {
		expect(await installed({}, { 'node_modules/hono': hono })).toBe(false);
		const older = { 'node_modules/hono': { version: '4.13.18' } };
		expect(await installed(older, { 'node_modules/hono': hono })).toBe(false);
	});

	it('may lack what is for other systems', async () => {
		expect(await installed({}, { 'node_modules/for-windows': { version: '1.0.0', optional: true } })).toBe(
			true
		);
	});
});

describe('the web app npm start finds', () => {
	beforeEach(async () => {
		await write('web/lib/list.ts', '', 100);
		await write('schema/ids.ts', '', 100);
		await write('package-lock.json', '', 100);
	});

	it('is to be built when there is no build', () => {
		expect(isWebBuilt(root)).toBe(false);
	});

	it('is up to date when nothing is newer than the build', async () => {
		await write('build/csp.json', '', 200);
		expect(isWebBuilt(root)).toBe(true);
	});

	it.each(['web/lib/list.ts', 'schema/ids.ts', 'package-lock.json', 'static/icon.svg'])(
		'is to be built when %s is newer',
		async (file) => {
			await write('build/csp.json', '', 200);
			await write(file, '', 300);
			expect(isWebBuilt(root)).toBe(false);
		}
	);

	it('is to be built when a source was deleted', async () => {
		await write('web/lib/other.ts', '', 100);
		await write('build/csp.json', '', 200);
		await rm(path.join(root, 'web/lib/other.ts'));
		expect(isWebBuilt(root)).toBe(false);
	});

	it('is up to date when only a test or what a tool generates has changed', async () => {
		await write('web/lib/list.test.ts', '', 300);
		await write('web/.svelte-kit/generated.js', '', 300);
		for (const folder of ['web', 'web/lib']) await utimes(path.join(root, folder), 100, 100);
		await write('build/csp.json', '', 200);
		expect(isWebBuilt(root)).toBe(true);
	});
});
