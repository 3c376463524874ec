import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the repository, without a slash at its end. */
export const repository = path.resolve(fileURLToPath(new URL('../..', import.meta.url)));

const nodeCommand = process.platform === 'win32' ? 'node_modules/.bin/node.cmd' : 'node_modules/.bin/node';

/** Node 24, which is itself one of the packages; what starts before the install runs on Node 20. */
export const node = path.join(repository, nodeCommand);

/**
 * @typedef {{ version?: string, optional?: boolean }} LockedPackage
 * @type {(file: string) => Record<string, LockedPackage>}
 */
function packagesOf(file) {
	return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/**
 * Whether every package of the lockfile is installed in its version. npm writes what it has installed to
 * `node_modules/.package-lock.json`, last of all; optional packages may be missing, being for other systems.
 *
 * @param {string} root the folder of package-lock.json and node_modules
 */
export function isInstalled(root) {
	const list = path.join(root, 'node_modules/.package-lock.json');
	if (!existsSync(list) || !existsSync(path.join(root, nodeCommand))) return false;
	const installed = packagesOf(list);
	const locked = Object.entries(packagesOf(path.join(root, 'package-lock.json')));
	return locked.every(([place, { version, optional }]) => {
		if (place === '') return true;
		return installed[place] === undefined ? optional === true : installed[place].version === version;
	});
}

/**
 * Installs from the lockfile if a package is missing or of another version; takes some 20 ms if none is.
 * Ends the process with npm's exit code if npm fails.
 */
export function ensureInstalled() {
	if (isInstalled(repository)) return;
	console.log('Installing packages from the lockfile …');
	const started = Date.now();
	// Warnings are about the engine: packages that want the Node which is about to be installed.
	const { status } = spawnSync('npm', ['ci', '--loglevel=error', '--no-audit', '--no-fund'], {
		cwd: repository,
		stdio: 'inherit',
		shell: process.platform === 'win32'
	});
	if (status !== 0) {
		console.error('npm ci failed: the packages could not be installed.');
		process.exit(status ?? 1);
	}
	if (!existsSync(node)) {
		console.error('Node 24 is missing after npm ci. Is npm set to ignore install scripts (ignore-scripts)?');
		process.exit(1);
	}
	console.log(`Packages installed (${seconds(started)}).`);
}

/** The time since then, for people: `3.2 s`. @param {number} started milliseconds since 1970 */
export function seconds(started) {
	return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}
