import { ESLint, Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { beforeAll, describe, expect, it } from 'vitest';

const eslint = new ESLint({ cwd: import.meta.dirname });

async function rulesFor(file: string): Promise<Linter.RulesRecord> {
	const { rules = {} } = (await eslint.calculateConfigForFile(file)) as Linter.Config;
	return rules as Linter.RulesRecord;
}

describe('the rule against sleeping', () => {
	let rule: Linter.RuleEntry | undefined;

	beforeAll(async () => {
		rule = (await rulesFor('e2e/scenarios/start.test.ts'))['no-restricted-syntax'];
	});

	function complaints(text: string): number {
		const languageOptions = { parser: tseslint.parser };
		const rules = { 'no-restricted-syntax': rule ?? 'off' };
		return new Linter().verify(text, { files: ['**'], languageOptions, rules }, 'x.ts').length;
	}

	it.each([
		'await page.waitForTimeout(500);',
		'await new Promise((resolve) => setTimeout(resolve, 250));',
		'await new Promise((go) => setTimeout(go, 250));',
		'await new Promise((go) => void setTimeout(() => go(), 250));',
		'await new Promise((go) => { setTimeout(go, 250); });',
		'await new Promise<void>(function (go) { globalThis.setTimeout(() => { go(); }, pause); });',
		'const { promise, resolve } = Promise.withResolvers(); setTimeout(resolve, 5);',
		"import { setTimeout as pause } from 'node:timers/promises';",
		"import timers from 'timers/promises';",
		"const timers = await import('node:timers/promises');",
		'const pause = promisify(setTimeout);',
		'Atomics.wait(cell, 0, 0, 250);',
		'await scheduler.wait(250);'
	])('refuses %s', (text) => {
		expect(complaints(text)).toBeGreaterThan(0);
	});

	it.each([
		'await new Promise((resolve) => setTimeout(resolve, 0));',
		'const late = setTimeout(() => reject(new Error()), 20_000);',
		'await new Promise((resolve, reject) => { const late = setTimeout(() => reject(new Error()), 20_000); });',
		'await expect.poll(count, { timeout: 20_000 }).toBe(1);',
		'await new Promise(setImmediate);'
	])('lets %s', (text) => {
		expect(complaints(text)).toBe(0);
	});

	it.each([
		'sync-server/queue/delivering.test.ts',
		'sync-server/store/log/log.contract.ts',
		'web/lib/replica/trial/manual-clock.ts',
		'sync-server/sync/trial/stage.ts',
		'e2e/lab/server.ts',
		'e2e/convergence/world.ts'
	])('is switched on for %s', async (file) => {
		expect(JSON.stringify((await rulesFor(file))['no-restricted-syntax'])).toContain('waitForTimeout');
	});
});

describe('the budgets', () => {
	it.each([
		['e2e/lab/device.ts', 300, true],
		['e2e/perf/browser-bench.ts', 300, true],
		['sync-server/queue/trial/office.ts', 300, true],
		['e2e/scenarios/start.test.ts', 600, false],
		['sync-server/store/log/log.contract.ts', 600, false]
	])('give %s %i lines; its functions are bounded: %s', async (file, max, areFunctionsBounded) => {
		const rules = await rulesFor(file);
		expect(rules['max-lines']).toEqual([2, { max }]);
		expect(rules['max-lines-per-function']).toMatchObject([areFunctionsBounded ? 2 : 0, { max: 60 }]);
	});
});
