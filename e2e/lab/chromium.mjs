/**
 * Finds the browser the tests run in. Plain JavaScript without packages, because the test runner begins on
 * whatever Node there is (20 or later).
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const applications = [
	'/Applications/Chromium.app/Contents/MacOS/Chromium',
	'/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'
];

/** The one Playwright has downloaded, if it has. */
function fromPlaywright() {
	try {
		const { chromium } = createRequire(import.meta.url)('playwright-core');
		return [String(chromium.executablePath())];
	} catch {
		// Nothing is installed yet.
		return [];
	}
}

/**
 * The path of a Chromium: the one that `HONGYAN_CHROMIUM` names, the system's, or Playwright's own.
 * Undefined if there is none; throws if the variable names a file that does not exist.
 *
 * @returns {string | undefined}
 */
export function findChromium() {
	const named = process.env['HONGYAN_CHROMIUM'];
	if (named !== undefined && named !== '') {
		if (existsSync(named)) return named;
		throw new Error(`HONGYAN_CHROMIUM should be the path of a Chromium, but there is no ${named}.`);
	}
	const folders = (process.env['PATH'] ?? '').split(path.delimiter);
	const onPath = names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
	return [...onPath, ...applications].find(existsSync) ?? fromPlaywright().find(existsSync);
}

/** @type {(command: string, commandLine: string[]) => void} */
function run(command, commandLine) {
	spawnSync(command, commandLine, {
		stdio: 'inherit',
		env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
	});
}

/**
 * The path of a Chromium, installed if there is none: as a Debian package where we are root on Debian, else
 * by Playwright. Throws if that fails.
 *
 * @returns {string}
 */
export function ensureChromium() {
	const found = findChromium();
	if (found !== undefined) return found;
	if (process.getuid?.() === 0 && existsSync('/etc/debian_version')) {
		console.log('No Chromium found; installing the package chromium …');
		run('apt-get', ['update', '-qq']);
		run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium']);
	}
	if (findChromium() === undefined) {
		console.log("No Chromium found; installing Playwright's own …");
		run('npx', ['playwright', 'install', 'chromium']);
	}
	const installed = findChromium();
	if (installed === undefined) {
		throw new Error('There is no Chromium and none could be installed; HONGYAN_CHROMIUM may name one.');
	}
	return installed;
}
