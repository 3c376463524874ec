/**
 * Who may import whom, as a lint rule. The house's folders are *zones*; each zone names the zones it may
 * import, downwards only. What is not allowed here is an error, so a new kind of folder has to be placed
 * before it can be used.
 */
import path from 'node:path';

const edges = new Set(['http', 'sync', 'smtp', 'imap', 'pop3', 'dav', 'bridge', 'jobs']);
const wiring = new Set(['demo', 'launch', 'import', 'people']);
const webLayers = new Set(['projection', 'session', 'replica', 'ui', 'platform', 'i18n']);

/**
 * Where a file of the repository belongs. Zones that keep to themselves carry their folder's name after a
 * colon (`feature:mail`, `edge:smtp`), so that one is not mistaken for another of its kind.
 *
 * @typedef {'schema' | 'tables' | 'routes' | 'service-worker' | 'projection' | 'session' | 'replica' | 'ui'
 *   | 'platform' | 'i18n' | 'wiring' | 'service' | 'store' | 'observe' | 'e2e' | 'outside'
 *   | 'convergence' | 'configuration' | `feature:${string}` | `edge:${string}`} Zone
 */

const shared = ['ui', 'platform', 'i18n', 'schema'];
const serverFloor = ['observe', 'schema'];

/**
 * The zones a zone may import besides itself. A kind (`feature`, `edge`) stands for all of its kind.
 *
 * @type {Record<string, readonly string[]>}
 */
const mayImport = {
	schema: [],
	tables: ['schema'],

	routes: ['feature', 'projection', 'session', 'replica', ...shared],
	'service-worker': ['projection', 'session', 'replica', ...shared],
	feature: ['projection', 'session', 'replica', ...shared],
	projection: ['replica', ...shared],
	session: ['replica', ...shared],
	replica: shared,
	ui: shared,
	platform: shared,
	i18n: shared,

	wiring: ['edge', 'service', 'store', ...serverFloor],
	edge: ['service', 'store', ...serverFloor],
	service: ['store', ...serverFloor],
	store: ['tables', ...serverFloor],
	observe: ['schema'],

	outside: [],
	e2e: ['schema'],
	convergence: ['e2e', 'schema', 'replica', 'edge:sync', 'store'],

	configuration: []
};

/** @type {(folders: string[]) => Zone} */
function webZone([, area, layer = '']) {
	if (area === 'service-worker') return 'service-worker';
	if (area !== 'lib') return 'routes';
	return webLayers.has(layer) ? /** @type {Zone} */ (layer) : `feature:${layer}`;
}

/** @type {(folders: string[]) => Zone} */
function serverZone([, area = '', ...deeper]) {
	if (deeper.length === 0 || wiring.has(area)) return 'wiring';
	if (edges.has(area)) return `edge:${area}`;
	if (area === 'store' || area === 'observe') return area;
	return 'service';
}

/**
 * The zone of a file, or undefined for what is no code of ours.
 *
 * @param {string} file path from the root of the repository, with `/` between folders
 * @returns {Zone | undefined}
 */
function zoneOf(file) {
	const folders = file.split('/');
	if (folders.length === 1) return 'configuration';
	switch (folders[0]) {
		case 'schema':
			return folders[1] === 'tables' ? 'tables' : 'schema';
		case 'web':
			return webZone(folders);
		case 'sync-server':
			return serverZone(folders);
		case 'e2e':
			return folders[1] === 'convergence' || folders[1] === 'outside' ? folders[1] : 'e2e';
		default:
			return undefined;
	}
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

/** @type {(zone: Zone) => string} */
const kindOf = (zone) => zone.split(':')[0] ?? zone;

/**
 * Why an import is forbidden, or undefined where it is allowed.
 *
 * @param {string} importer path of the importing file from the root of the repository
 * @param {string} specifier what stands between the quotes
 * @returns {string | undefined}
 */
function objectionTo(importer, specifier) {
	const from = zoneOf(importer);
	if (from === undefined) return undefined;
	const isTest = /\.(test|spec)\.[a-z]+$/.test(importer);
	if (specifier.startsWith('node:')) {
		if (isTest) return undefined;
		if (from === 'schema' || from === 'tables') return 'schema is pure: nothing of the operating system.';
		return importer.startsWith('web/') ? 'web runs in the browser: nothing of Node.' : undefined;
	}
	const target = targetOf(importer, specifier);
	if (target === undefined) return undefined;
	if (target.startsWith('..')) return 'it lies outside the repository.';
	const to = zoneOf(target);
	if (to === undefined) return 'it is no code of ours.';
	if (from === 'configuration') return undefined;
	if (isForTests(target) && !isForTests(importer)) return 'it is there for tests alone.';
	// Every test may meet the outside world: it knows nothing of ours.
	if (from === to || to === 'outside') return undefined;
	const allowed = mayImport[kindOf(from)] ?? [];
	if (allowed.includes(to) || allowed.includes(kindOf(to))) return undefined;
	return `${from} may import only ${allowed.length === 0 ? 'itself' : allowed.join(', ')}; this is ${to}.`;
}

/** @type {import('eslint').Rule.RuleModule} */
const imports = {
	meta: {
		type: 'problem',
		docs: { description: 'keep imports to the boundaries of the architecture' },
		schema: [],
		messages: { forbidden: "'{{specifier}}' must not be imported here: {{objection}}" }
	},
	create(context) {
		const importer = path.relative(context.cwd, context.filename).split(path.sep).join('/');

		/** @param {any} source the node between the quotes, if there is one */
		const check = (source) => {
			const literal = source?.type === 'TSLiteralType' ? source.literal : source;
			if (typeof literal?.value !== 'string') return;
			const objection = objectionTo(importer, literal.value);
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
