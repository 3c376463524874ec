import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { node, repository, seconds } from './installation.mjs';

/** What the web app is made of; the lockfile stands for the packages. */
const sources = [
	'web',
	'schema',
	'static',
	'svelte.config.js',
	'vite.config.ts',
	'vite-built-chunks.ts',
	'vite-catalogues.ts',
	'vite-early-values.ts',
	'vite-first-paint.ts',
	'vite-start.ts',
	'package.json',
	'package-lock.json'
];

const generated = new Set(['node_modules', '.svelte-kit']);

/** The last file that a build writes: it stands for a build that came to its end. */
const lastFile = 'build/csp.json';

/**
 * Whether something in the folder is newer than that moment. A folder's own time counts too: that is how a
 * file that was deleted is noticed.
 *
 * @param {string} file @param {number} moment milliseconds since 1970 @returns {boolean}
 */
function isNewer(file, moment) {
	const found = statSync(file, { throwIfNoEntry: false });
	if (found === undefined) return false;
	if (found.mtimeMs > moment) return true;
	if (!found.isDirectory()) return false;
	return readdirSync(file).some(
		(name) => !generated.has(name) && !name.endsWith('.test.ts') && isNewer(path.join(file, name), moment)
	);
}

/**
 * Whether there is a build, and nothing it is made of is newer.
 *
 * @param {string} root the folder that holds `web` and `build`
 */
export function isWebBuilt(root) {
	const built = statSync(path.join(root, lastFile), { throwIfNoEntry: false });
	return built !== undefined && !sources.some((source) => isNewer(path.join(root, source), built.mtimeMs));
}

/** Builds the web app if its sources are newer than the build; ends the process if the build fails. */
export function ensureWebBuilt() {
	if (isWebBuilt(repository)) return;
	console.log('Building the web app …');
	const started = Date.now();
	const { status, stdout, stderr } = spawnSync(node, ['node_modules/vite/bin/vite.js', 'build'], {
		cwd: repository,
		encoding: 'utf8'
	});
	if (status !== 0) {
		console.error(`${stdout}\n${stderr}\nThe web app could not be built; see above.`);
		process.exit(status ?? 1);
	}
	console.log(`Web app built (${seconds(started)}).`);
}
