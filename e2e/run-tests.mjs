/**
 * `npm test`: format, lint, types, unused code, build, unit and convergence tests, end to end; each step also
 * after one that failed. Lint, the longest of those that read the sources alone, runs beside the others of
 * them and the build; what such a step prints comes when it has ended. The last line is `N passed, N failed`: every test counts as one, and so does every
 * step that is no test run. Before it stands what failed, by name. The exit code is 1 if anything failed. Plain JavaScript without packages: it
 * begins on whatever Node there is (20 or later), before anything is installed.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureChromium } from './lab/chromium.mjs';

/**
 * @typedef {{ passed: number, failed: number, skipped: number, failures: string[] }} Counts what failed, by name
 * @typedef {{ status: number } & Counts} Result a step's exit code, and what it counts
 * @typedef {(io: Output) => Promise<Result>} Step
 * @typedef {'shown' | 'kept'} Output whether what a step prints is shown at once, or together at its end
 * @typedef {{ name: string, seconds: number } & Result} Outcome
 */

/**
 * What is read of the two reports.
 *
 * @typedef {object} VitestFile
 * @property {string} name its path
 * @property {string} status
 * @property {string} message why it could not be run or put away
 * @property {{ status: string, fullName: string }[]} assertionResults its tests
 *
 * @typedef {object} VitestReport
 * @property {VitestFile[]} testResults
 * @property {number} numPassedTests
 * @property {number} numPendingTests
 * @property {number} numTodoTests
 *
 * @typedef {object} Scenario
 * @property {string} file
 * @property {string} title
 * @property {{ status: string }[]} tests it once in each project
 *
 * @typedef {{ suites?: Suite[], specs?: Scenario[] }} Suite
 *
 * @typedef {object} PlaywrightReport
 * @property {{ expected: number, unexpected: number, flaky: number, skipped: number }} stats
 * @property {{ message?: string }[]} errors
 * @property {Suite[]} suites
 */

const repository = path.resolve(fileURLToPath(new URL('..', import.meta.url)));
const reports = path.join(repository, 'test-results');
const vitestReport = path.join(reports, 'vitest.json');
const playwrightReport = path.join(reports, 'playwright.json');

const environment = {
	...process.env,
	PATH: [path.join(repository, 'node_modules/.bin'), process.env['PATH']].join(path.delimiter)
};

/** Runs a command in the repository on this terminal; its exit code. @type {(command: string, commandLine: string[], more?: { environment?: Record<string, string>, output?: Output }) => Promise<number>} */
function run(command, commandLine, { environment: own = {}, output = 'shown' } = {}) {
	const child = spawn(command, commandLine, {
		cwd: repository,
		stdio: output === 'shown' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
		env: { ...environment, ...own }
	});
	let kept = '';
	for (const stream of [child.stdout, child.stderr]) {
		stream?.setEncoding('utf8').on('data', (text) => (kept += text));
	}
	return new Promise((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (code) => {
			process.stdout.write(kept);
			resolve(code ?? 1);
		});
	});
}

/** What a step counts that is no test run. @type {(status: number) => Counts} */
const asOne = (status) => ({
	passed: status === 0 ? 1 : 0,
	failed: status === 0 ? 0 : 1,
	skipped: 0,
	failures: []
});

/**
 * What a test run counts, from its report, which is believed to be one. A run that ends badly counts at least one failure, also when it
 * broke before it could write a report.
 *
 * @template Report
 * @param {number} status @param {string} file @param {(report: Report) => Counts} read @returns {Counts}
 */
function counted(status, file, read) {
	/** @type {Counts} */
	let counts = { passed: 0, failed: 0, skipped: 0, failures: [] };
	try {
		counts = read(JSON.parse(readFileSync(file, 'utf8')));
	} catch (error) {
		console.error(`There is no report of this run: ${String(error)}`);
		return { ...counts, failed: 1 };
	}
	return status === 0 ? counts : { ...counts, failed: Math.max(1, counts.failed) };
}

/** The names of a file's tests that failed; without one, the file itself: it could not be run or put away. @type {(file: VitestFile) => string[]} */
function failuresOf({ name, status, message, assertionResults }) {
	if (status !== 'failed') return [];
	const file = path.relative(repository, name);
	const tests = assertionResults.filter((test) => test.status === 'failed');
	return tests.length === 0 ? [`${file}: ${message}`] : tests.map(({ fullName }) => `${file}: ${fullName}`);
}

/** @type {(report: VitestReport) => Counts} */
function readVitest({ testResults, numPassedTests, numPendingTests, numTodoTests }) {
	const failures = testResults.flatMap(failuresOf);
	return {
		passed: numPassedTests,
		failed: failures.length,
		skipped: numPendingTests + numTodoTests,
		failures
	};
}

/** The scenarios below a part of the report that did not pass at the first try. @type {(suite: Suite) => string[]} */
function failedScenarios({ suites = [], specs = [] }) {
	const own = specs.filter(({ tests }) =>
		tests.some(({ status }) => status === 'unexpected' || status === 'flaky')
	);
	return [...own.map(({ file, title }) => `${file}: ${title}`), ...suites.flatMap(failedScenarios)];
}

/** A test that passed only at a second try has failed. @type {(report: PlaywrightReport) => Counts} */
function readPlaywright({ stats, errors, suites }) {
	return {
		passed: stats.expected,
		failed: stats.unexpected + stats.flaky + errors.length,
		skipped: stats.skipped,
		failures: [...failedScenarios({ suites }), ...errors.map(({ message }) => String(message))]
	};
}

async function testUnits() {
	const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`];
	const status = await run('vitest', ['run', ...reporters]);
	return { status, ...counted(status, vitestReport, readVitest) };
}

async function testEndToEnd() {
	const commandLine = ['test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json'];
	const status = await run('playwright', commandLine, {
		environment: { PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport, HONGYAN_CHROMIUM: ensureChromium() }
	});
	return { status, ...counted(status, playwrightReport, readPlaywright) };
}

/** @type {(name: string) => Step} */
const script = (name) => async (output) => {
	const status = await run('npm', ['run', '--silent', name], { output });
	return { status, ...asOne(status) };
};

/** Runs one step; what it throws is its failure, told and counted. @type {(step: Step, output: Output) => Promise<Result>} */
async function attempt(step, output) {
	try {
		return await step(output);
	} catch (error) {
		console.error(error);
		return { status: 1, ...asOne(1) };
	}
}

/** @type {Outcome[]} */
const outcomes = [];

/** @type {(name: string, step: Step, output?: Output) => Promise<Outcome>} */
async function take(name, step, output = 'shown') {
	console.log(`\n== ${name}`);
	const started = Date.now();
	const result = await attempt(step, output);
	const outcome = { name, ...result, seconds: (Date.now() - started) / 1000 };
	outcomes.push(outcome);
	return outcome;
}

/** @type {(outcome: Outcome) => string} */
function line({ name, status, seconds, passed, failed, skipped }) {
	const counts = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
	return `${status === 0 ? 'ok  ' : 'FAIL'}  ${name.padEnd(22)} ${seconds.toFixed(1).padStart(7)} s   ${counts}`;
}

rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const prepared =
	(await run(process.execPath, ['sync-server/launch/install.mjs'])) === 0 &&
	(await run('npm', ['run', '--silent', 'sync'])) === 0;
if (!prepared) {
	console.log('0 passed, 1 failed');
	process.exit(1);
}
const linted = take('lint', script('lint'), 'kept');
await take('format', script('format:check'), 'kept');
await take('types', script('check'), 'kept');
await take('unused code', script('knip'), 'kept');
const built = await take('build', script('build'), 'kept');
await linted;
await take('unit and convergence', testUnits);
await take('end to end', () => {
	if (built.status !== 0) throw new Error('Not run: there is no web app to test, because the build failed.');
	return testEndToEnd();
});

const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0);
const failed = outcomes.reduce((sum, outcome) => sum + outcome.failed, 0);
for (const { name, failures } of outcomes) {
	for (const failure of failures) console.log(`\nfailed: ${name}: ${failure}`);
}
console.log(`\n${outcomes.map(line).join('\n')}\n`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
