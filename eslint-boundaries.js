/**
 * Who may import whom, as a lint rule. Each folder of the house is a *zone*; each zone names the zones it may
 * import, downwards only. What is not allowed here is an error, and so is a file in a folder that has no row:
 * a new folder has to be placed before it can be used. The tables in `docs/architecture.md` are this one.
 */
import path from 'node:path';

/** What every edge of the server may import; edges never import each other. */
const edge = ['sync-server/queue', 'sync-server/mail', 'sync-server/accounts', 'sync-server/store', 'schema'];

/** What every feature of the app may import; features never import each other. */
const feature = [
	'web/lib/projection',
	'web/lib/session',
	'web/lib/replica',
	'web/lib/ui',
	'web/lib/platform',
	'web/lib/i18n',
	'schema'
];

/**
 * The zones, and what each may import besides itself. `sync-server` is the files right in that folder; `schema`
 * and `e2e` are all below them that has no row of its own.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const mayImport = {
	schema: [],
	'schema/tables': ['schema'],

	'web/routes': ['web/first-paint', 'web/lib/mail', 'web/lib/frame', ...feature],
	'web/lib/mail': feature,
	'web/lib/frame': feature,
	'web/lib/projection': ['web/lib/replica', 'web/lib/platform', 'schema'],
	'web/lib/session': ['web/lib/replica', 'web/lib/platform', 'schema'],
	'web/lib/replica': ['web/lib/platform', 'schema'],
	'web/lib/ui': ['web/lib/i18n', 'schema'],
	'web/lib/i18n': ['schema'],
	'web/lib/platform': ['schema'],
	'web/service-worker': [],
	'web/first-paint': ['web/lib/ui', 'web/lib/platform', 'web/lib/i18n'],

	'sync-server': [
		'sync-server/demo',
		'sync-server/http',
		'sync-server/sync',
		'sync-server/smtp',
		'sync-server/observe',
		...edge
	],
	'sync-server/demo': [
		'sync-server',
		'sync-server/mail',
		'sync-server/accounts',
		'sync-server/store',
		'schema'
	],
	'sync-server/import': ['sync-server', 'sync-server/mail', 'sync-server/store', 'schema'],
	'sync-server/people': ['sync-server', 'sync-server/accounts', 'sync-server/store', 'schema'],
	'sync-server/launch': ['sync-server'],
	'sync-server/http': edge,
	'sync-server/sync': edge,
	'sync-server/smtp': edge,
	'sync-server/queue': ['sync-server/mail', 'sync-server/accounts', 'sync-server/store', 'schema'],
	'sync-server/mail': ['schema'],
	'sync-server/accounts': ['sync-server/store', 'schema'],
	'sync-server/store': ['schema/tables', 'schema'],
	'sync-server/observe': [],

	'e2e/outside': [],
	e2e: ['schema'],
	'e2e/convergence': ['e2e', 'web/lib/replica', 'sync-server/sync', 'sync-server/store', 'schema']
};

/** The files in the root of the repository, which configure tools and may import everything. */
const root = 'the root';

/**
 * The zone of a file, or undefined where its folder has no row.
 *
 * @param {string} file path from the root of the repository, with `/` between folders
 * @returns {string | undefined}
 */
function zoneOf(file) {
	const folders = file.split('/').slice(0, -1);
	const [house, room] = folders;
	if (house === undefined) return root;
	const own = folders.slice(0, house === 'web' && room === 'lib' ? 3 : 2).join('/');
	if (Object.hasOwn(mayImport, own)) return own;
	return house === 'schema' || house === 'e2e' ? house : undefined;
}

/**
 * The file that an import names, as a path from the root of the repository; `..` leads out of it.
 * Undefined for packages and for modules that a tool makes up (`$app/…`, `virtual:…`).
 *
 * @param {string} importer path of the importing file from the root of the repository
 * @param {string} specifier what stands between the quotes
 */
function targetOf(importer, specifier) {
	if (specifier.startsWith('#schema/')) return path.posix.normalize(specifier.slice(1));
	if (specifier.startsWith('#lib/')) return path.posix.normalize(`web/${specifier.slice(1)}`);
	if (specifier.startsWith('.')) return path.posix.join(path.posix.dirname(importer), specifier);
	return undefined;
}

/** Whether a file is a test, or there for tests alone. @type {(file: string) => boolean} */
const isForTests = (file) => /\.(test|contract)\.ts$|(^|\/)trial\/|^e2e\//.test(file);

/**
 * Why an import is forbidden, or undefined where it is allowed.
 *
 * @param {string} importer path of the importing file from the root of the repository
 * @param {string} from its zone
 * @param {string} specifier what stands between the quotes
 * @returns {string | undefined}
 */
function objectionTo(importer, from, specifier) {
	const isTest = /\.(test|spec)\.[a-z]+$/.test(importer);
	if (specifier.startsWith('node:')) {
		if (isTest) return undefined;
		if (importer.startsWith('schema/')) return 'schema is pure: nothing of the operating system.';
		return importer.startsWith('web/') ? 'web runs in the browser: nothing of Node.' : undefined;
	}
	const target = targetOf(importer, specifier);
	if (target === undefined) return undefined;
	if (target.startsWith('..')) return 'it lies outside the repository.';
	const to = zoneOf(target);
	if (to === undefined) return 'its folder has no row in eslint-boundaries.js.';
	if (from === root) return undefined;
	if (isForTests(target) && !isForTests(importer)) return 'it is there for tests alone.';
	// Every test may meet the outside world: it knows nothing of ours.
	if (from === to || to === 'e2e/outside') return undefined;
	const allowed = mayImport[from] ?? [];
	if (allowed.includes(to)) return undefined;
	return `${from} may import only ${allowed.length === 0 ? 'itself' : allowed.join(', ')}; this is ${to}.`;
}

/** @type {import('eslint').Rule.RuleModule} */
const imports = {
	meta: {
		type: 'problem',
		docs: { description: 'keep imports to the boundaries of the architecture' },
		schema: [],
		messages: {
			forbidden: "'{{specifier}}' must not be imported here: {{objection}}",
			unplaced: 'This folder has no row in eslint-boundaries.js, which says what it may import.'
		}
	},
	create(context) {
		const importer = path.relative(context.cwd, context.filename).split(path.sep).join('/');
		const from = zoneOf(importer);
		if (from === undefined) return { Program: (node) => context.report({ node, messageId: 'unplaced' }) };

		/** @param {any} source the node between the quotes, if there is one */
		const check = (source) => {
			const literal = source?.type === 'TSLiteralType' ? source.literal : source;
			if (typeof literal?.value !== 'string') return;
			const objection = objectionTo(importer, from, literal.value);
			if (objection === undefined) return;
			context.report({
				node: literal,
				messageId: 'forbidden',
				data: { specifier: literal.value, objection }
			});
		};

		return {
			ImportDeclaration: (node) => check(node.source),
			ExportNamedDeclaration: (node) => check(node.source),
			ExportAllDeclaration: (node) => check(node.source),
			ImportExpression: (node) => check(node.source),
			TSImportType: (/** @type {any} */ node) => check(node.source ?? node.argument)
		};
	}
};

/** @type {import('eslint').ESLint.Plugin} */
export default { meta: { name: 'boundaries' }, rules: { imports } };
