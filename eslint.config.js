import eslint from '@eslint/js';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import { defineConfig, globalIgnores } from 'eslint/config';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import boundaries from './eslint-boundaries.js';
import kit from './svelte.config.js';

const tests = ['**/*.test.ts', '**/*.contract.ts'];
/** What tests run on. Folders named `trial` also obey what the code beside them does. */
const testSupport = ['e2e/**/*.ts'];
const scripts = ['**/*.js', '**/*.mjs'];

/**
 * The budgets that keep rooms small: lines of a file, and of a function.
 *
 * @type {import('eslint').Linter.RulesRecord}
 */
const budgets = {
	'max-lines': ['error', { max: 300 }],
	'max-lines-per-function': ['error', { max: 60, IIFEs: true }]
};

/** Ways to leave a test out that the house does not have; a corpus test uses `skipIf` and says why. */
const leftOutTests = ['only', 'skip', 'todo', 'fixme'].map((way) => ({
	selector: `MemberExpression[object.name=/^(it|test|describe|suite)$/][property.name='${way}']`,
	message: `A test with .${way} proves nothing.`
}));

/** A timer that does no more than resolve a promise. One that gives up is a deadline, and one of 0 ms takes a turn. */
const sleepingTimer =
	"CallExpression:matches([callee.name='setTimeout'], [callee.property.name='setTimeout']):not([arguments.1.value=0])";

/** Ways to let time pass. Where another process tells nothing, `e2e/lab/until.ts` looks until a deadline. */
const sleeps = [
	"CallExpression[callee.property.name='waitForTimeout']",
	`${sleepingTimer}[arguments.0.name=/^(resolve|done)$/]`,
	`NewExpression[callee.name='Promise'] > :function > ${sleepingTimer}`,
	`NewExpression[callee.name='Promise'] > :function > UnaryExpression > ${sleepingTimer}`,
	`NewExpression[callee.name='Promise'] > :function > BlockStatement > ExpressionStatement > ${sleepingTimer}`,
	"CallExpression[callee.name='promisify'][arguments.0.name='setTimeout']",
	'ImportDeclaration[source.value=/^(node:)?timers\\u002fpromises$/]',
	'ImportExpression[source.value=/^(node:)?timers\\u002fpromises$/]',
	"CallExpression[callee.object.name='Atomics'][callee.property.name=/^wait/]",
	"CallExpression[callee.object.name='scheduler'][callee.property.name='wait']"
].map((selector) => ({ selector, message: 'Wait for what is expected, not for time to pass.' }));

const environment = {
	selector: "MemberExpression[object.name='process'][property.name='env']",
	message: 'Only sync-server/config.ts reads the environment.'
};

/** @type {import('eslint').Linter.RulesRecord} */
const strictTypes = {
	'@typescript-eslint/switch-exhaustiveness-check': [
		'error',
		{ considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: true }
	],
	'@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
	'@typescript-eslint/no-confusing-void-expression': [
		'error',
		{ ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true }
	],
	'@typescript-eslint/no-unused-vars': [
		'error',
		{ argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' }
	],
	'@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
	// Spreading a string gives its code points, which is what is meant by it here.
	'@typescript-eslint/no-misused-spread': ['error', { allow: [{ from: 'lib', name: 'string' }, 'string'] }],
	// An adapter keeps its port's promise of a promise also where it has nothing to wait for.
	'@typescript-eslint/require-await': 'off'
};

export default defineConfig(
	globalIgnores(['**/node_modules/', '**/.svelte-kit/', 'build/', 'data/', 'static/', 'test-results/']),
	eslint.configs.recommended,
	tseslint.configs.strictTypeChecked,
	svelte.configs.recommended,
	prettier,
	svelte.configs.prettier,
	{
		linterOptions: { reportUnusedDisableDirectives: 'error' },
		languageOptions: {
			parserOptions: {
				projectService: true,
				tsconfigRootDir: import.meta.dirname,
				extraFileExtensions: ['.svelte']
			}
		},
		plugins: { boundaries },
		rules: {
			...budgets,
			...strictTypes,
			'boundaries/imports': 'error',
			eqeqeq: 'error',
			'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'] }],
			// TypeScript checks names, and knows which globals a folder has.
			'no-undef': 'off'
		}
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: { parserOptions: { parser: tseslint.parser, svelteConfig: kit } }
	},
	{ files: ['**/*.svelte'], rules: { 'max-lines': ['error', { max: 250 }] } },
	{ files: ['web/**', 'sync-server/**'], rules: { 'no-console': 'error' } },
	{
		files: ['web/**'],
		ignores: ['web/lib/ui/**'],
		rules: {
			'no-restricted-imports': [
				'error',
				{
					patterns: [{ group: ['lucide-svelte', 'lucide-svelte/*'], message: 'Icons come from #lib/ui.' }]
				}
			]
		}
	},
	{
		files: ['schema/**'],
		rules: {
			'no-restricted-globals': [
				'error',
				'Buffer',
				'process',
				'window',
				'document',
				'localStorage',
				'indexedDB'
			]
		}
	},
	{
		files: ['sync-server/**'],
		ignores: ['sync-server/config.ts', 'sync-server/launch/**', '**/*.test.ts'],
		rules: { 'no-restricted-syntax': ['error', environment] }
	},
	{ files: ['sync-server/launch/**'], rules: { 'no-console': 'off' } },
	{ files: ['**/trial/**/*.ts'], rules: { 'no-restricted-syntax': ['error', environment, ...sleeps] } },
	{
		files: tests,
		rules: { 'max-lines': ['error', { max: 600 }], 'max-lines-per-function': 'off' }
	},
	{
		files: [...tests, ...testSupport],
		rules: {
			'no-restricted-syntax': ['error', ...sleeps, ...leftOutTests],
			// Playwright reads from the pattern which fixtures a fixture needs, even if it needs none.
			'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }],
			'@typescript-eslint/no-non-null-assertion': 'off',
			'@typescript-eslint/unbound-method': 'off'
		}
	},
	{
		files: scripts,
		extends: [tseslint.configs.disableTypeChecked],
		languageOptions: { globals: globals.node }
	}
);
