import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { rolldown, type Plugin } from 'rolldown';
import type { Plugin as VitePlugin } from 'vite';
import { parseAst } from 'rolldown/parseAst';

/**
 * The app's start as one classic script. Browsers keep the compiled code of classic scripts of a service
 * worker's cache from the day they are installed, and that of modules never, or not before the second start
 * (`docs/decisions/classic-start-script.md`). What is loaded later stays as modules, which get what they share
 * with the start from it.
 */

/** The parts of the mail list's screen, and what stands in for one that can't be shown. */
const startScreen = [
	'+layout',
	'+error',
	'(app)/+layout',
	'(app)/mail/[folder]/+layout',
	'(app)/mail/[folder]/+page'
];

/** What the start script leaves on `globalThis`: `run`, and the chunks it shares with modules by their path. */
const globalName = 'hongyanStart';

/** Where the page leaves what it tells SvelteKit, before the start script runs. */
const payloadName = 'hongyanPayload';

type Manifest = Readonly<Record<string, { readonly file: string; readonly imports?: readonly string[] }>>;

/** A folder with a built web app, and what SvelteKit generated on the way. */
interface Folders {
	readonly build: string;
	readonly kit: string;
}

/** A chunk of the build by its path from the root of the site, without the first slash. */
type Chunk = string;

/** Reads the build's chunks and how they hang together. */
class BuiltChunks {
	readonly #manifest: Manifest;
	readonly #folders: Folders;

	constructor(folders: Folders) {
		this.#folders = folders;
		const file = path.join(folders.kit, 'output/client/.vite/manifest.json');
		this.#manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
	}

	/** The chunk made of the source whose path ends so. */
	of(source: string): Chunk {
		const found = Object.entries(this.#manifest).find(([key]) => key.endsWith(source));
		if (found === undefined) throw new Error(`The build has no chunk of ${source}.`);
		return found[1].file;
	}

	/** The chunk of a route's layout or page. */
	async ofRoute(part: string): Promise<Chunk> {
		const nodes = path.join(this.#folders.kit, 'generated/build/client-optimized/nodes');
		for (const name of await readdir(nodes)) {
			const source = await readFile(path.join(nodes, name), 'utf8');
			if (source.includes(`routes/${part}.`)) return this.of(`/client-optimized/nodes/${name}`);
		}
		throw new Error(`The build has no chunk of the route ${part}.`);
	}

	code(chunk: Chunk): string {
		return readFileSync(path.join(this.#folders.build, chunk), 'utf8');
	}

	/** These chunks and all that they import at once. */
	closure(chunks: readonly Chunk[]): Set<Chunk> {
		const found = new Set(chunks);
		for (const chunk of found) {
			for (const { source } of importsOf(this.code(chunk)))
				found.add(path.posix.join(path.dirname(chunk), source));
		}
		return found;
	}

	/** All chunks. */
	async all(): Promise<Chunk[]> {
		const root = path.join(this.#folders.build, '_app/immutable');
		const files = await readdir(root, { recursive: true });
		return files
			.filter((file) => file.endsWith('.js'))
			.map((file) => path.posix.join('_app/immutable', file));
	}
}

/** One statement that imports from another module, or exports what that one exports. */
interface Import {
	readonly source: string;
	/** What is imported by name; everything is spelt `*`. */
	readonly names: readonly string[];
}

function nameOf(node: { readonly type: string; readonly name?: string; readonly value?: unknown }): string {
	return node.type === 'Literal' ? String(node.value) : (node.name ?? '');
}

/** The static imports of a module. */
export function importsOf(code: string): Import[] {
	return parseAst(code).body.flatMap((statement): Import[] => {
		if (statement.type === 'ImportDeclaration') {
			const names = statement.specifiers.map((one) =>
				one.type === 'ImportSpecifier'
					? nameOf(one.imported)
					: one.type === 'ImportDefaultSpecifier'
						? 'default'
						: '*'
			);
			return [{ source: statement.source.value, names }];
		}
		if (statement.type === 'ExportNamedDeclaration' && statement.source !== null) {
			return [
				{ source: statement.source.value, names: statement.specifiers.map(({ local }) => nameOf(local)) }
			];
		}
		if (statement.type === 'ExportAllDeclaration') return [{ source: statement.source.value, names: ['*'] }];
		return [];
	});
}

/** A module that takes its exports from the start script: for chunks that are loaded later. */
export function facadeOf(chunk: Chunk, names: Iterable<string>): string {
	const sorted = [...names].sort();
	if (sorted.length === 0) return 'export {};';
	const taken = sorted.map((name, index) => `${JSON.stringify(name)}:n${index}`).join();
	const given = sorted.map((name, index) => `n${index} as ${name}`).join();
	return `const{${taken}}=${globalName}.chunks[${JSON.stringify(chunk)}];export{${given}};`;
}

/** A chunk that does not ask the browser to fetch, before a dynamic import, what is here already. */
function withoutPreloads(code: string, chunk: Chunk, members: ReadonlySet<Chunk>): string {
	return code.replace(/\(m\.f=(\[[^\]]*\])\)/, (_, list: string) => {
		const files = JSON.parse(list) as string[];
		// Dependencies are named by their place in the list, so what is left out leaves a style sheet of the page's.
		const style = files.find((file) => file.endsWith('.css')) ?? '';
		const isHere = (file: string) => members.has(path.posix.join(path.dirname(chunk), file));
		return `(m.f=${JSON.stringify(files.map((file) => (isHere(file) ? style : file)))})`;
	});
}

/** Resolves chunks by their path; those that are no part of the start are loaded when they are asked for. */
function chunkLoader(chunks: BuiltChunks, members: ReadonlySet<Chunk>, entry: string): Plugin {
	const entryId = '\0start';
	return {
		name: 'built-chunks',
		resolveId(source, importer) {
			if (source === entryId) return entryId;
			const chunk = path.posix.join(importer === entryId ? '' : path.dirname(importer ?? ''), source);
			return members.has(chunk) ? chunk : { id: `/${chunk}`, external: 'absolute' };
		},
		load(id) {
			if (id === entryId) return entry;
			return (
				withoutPreloads(chunks.code(id), id, members)
					// A classic script has no address of its own to resolve others by.
					.replaceAll('import.meta.url', `(location.origin+${JSON.stringify(`/${id}`)})`)
					.replaceAll('import.meta.resolve', 'void 0')
			);
		}
	};
}

/** One script of these chunks: it does nothing until it is told to run. */
async function bundle(
	chunks: BuiltChunks,
	members: ReadonlySet<Chunk>,
	shared: readonly Chunk[]
): Promise<string> {
	const entries = {
		kit: chunks.of('/client/entry.js'),
		app: chunks.of('/client-optimized/app.js')
	};
	const entry = [
		`import * as kit from './${entries.kit}';import * as app from './${entries.app}';`,
		...shared.map((chunk, index) => `import * as chunk${index} from './${chunk}';`),
		`export const chunks={${shared.map((chunk, index) => `${JSON.stringify(chunk)}:chunk${index}`).join()}};`,
		'export function run(payload,element){kit.init(payload);void kit.start(app,element)}'
	].join('');
	const bundled = await rolldown({
		input: '\0start',
		plugins: [chunkLoader(chunks, members, entry)],
		treeshake: { moduleSideEffects: true }
	});
	const { output } = await bundled.generate({
		format: 'iife',
		name: globalName,
		codeSplitting: false,
		minify: true
	});
	await bundled.close();
	return output[0].code;
}

/** The page's own boot, in the words of SvelteKit's template: what follows the naming of the payload. */
const boot =
	/import\("[^"]*\/entry\/start\.[^"]+"\)\.then\(async \(kit\) => \{\s*kit\.init\((\w+)\);[\s\S]*?\}\);/;

const firstPaint = '<script src="/first-paint.js"></script>';

/** What the page is told about the start. */
interface PageParts {
	readonly script: string;
	readonly members: ReadonlySet<Chunk>;
	/** What chooses the language's catalogue. */
	readonly catalogues: string;
	/** The text of `first-paint.js`. */
	readonly firstPaint: string;
}

/** The page, begun by its first paint and the start script instead of modules. */
export function pageWith(html: string, parts: PageParts): string {
	if (!boot.test(html) || !html.includes(firstPaint)) {
		throw new Error("SvelteKit's page begins in another way than expected.");
	}
	const { script, members, catalogues } = parts;
	const links = /\s*<link href="\/([^"]+)" rel="modulepreload">/g;
	const begin = (payload: string) =>
		`globalThis.${payloadName} = ${payload}; hongyanFirst({ element, version: ${payload}.version, script: '/${script}', run: () => ${globalName}.run(${payload}, element) });`;
	const head = `${catalogues}<link rel="preload" href="/${script}" as="script"><script>${parts.firstPaint}</script>`;
	return html
		.replace(boot, (_, payload: string) => begin(payload))
		.replaceAll(links, (link, chunk: string) => (members.has(chunk) ? '' : link))
		.replace(firstPaint, () => head);
}

/**
 * Makes the start script out of a finished build, and lets page, service worker and the chunks that are loaded
 * later know of it.
 */
export async function writeStartScript(folders: Folders): Promise<void> {
	const chunks = new BuiltChunks(folders);
	const roots = await Promise.all(startScreen.map((part) => chunks.ofRoute(part)));
	const entries = ['/client/entry.js', '/client/client-entry.js', '/client-optimized/app.js'];
	const members = chunks.closure([...entries.map((source) => chunks.of(source)), ...roots]);
	const needed = await namesNeeded(chunks, members);
	const code = await bundle(chunks, members, [...needed.keys()]);
	const hash = createHash('sha256').update(code).digest('base64url').slice(0, 8);
	const script = `_app/immutable/entry/start.${hash}.js`;
	const at = (file: string) => path.join(folders.build, file);
	await mkdir(path.dirname(at(script)), { recursive: true });
	for (const chunk of members) {
		const names = needed.get(chunk);
		if (names === undefined) await rm(at(chunk));
		else await writeFile(at(chunk), facadeOf(chunk, names));
	}
	await writeFile(at(script), code);
	await alter(at('service-worker.js'), (worker) => precacheOf(worker, script, members, needed));
	const metas = [
		['zh-CN', 'chinese'],
		['en', 'english']
	].map(
		([locale, folder]) =>
			`<meta name="catalogue" data-locale="${locale}" content="/${chunks.of(`lib/i18n/${folder}/index.ts`)}">`
	);
	const firstPaint = await readFile(at('first-paint.js'), 'utf8');
	await alter(at('index.html'), (html) =>
		pageWith(html, { script, members, catalogues: metas.join(''), firstPaint })
	);
}

/** What modules learn late, and where they learn it at once; file by file, as it is written there. */
const lateValues: readonly {
	readonly file: RegExp;
	readonly early: readonly (readonly [string, string])[];
}[] = [
	{
		// Svelte sets these when it first shows something; modules that took them before would not see it.
		file: /[\\/]svelte[\\/]src[\\/]internal[\\/]client[\\/]dom[\\/]operations\.js$/,
		early: [
			['export var $window;', 'export var $window = globalThis.window;'],
			['export var $document;', 'export var $document = globalThis.document;'],
			['if ($window !== undefined) {', 'if (first_child_getter !== undefined) {']
		]
	},
	{
		// SvelteKit is told before it loads what reads it, which is all one script here.
		file: /[\\/]kit[\\/]src[\\/]runtime[\\/]client[\\/]payload\.js$/,
		early: [['__SVELTEKIT_PAYLOAD__', `globalThis.${payloadName}`]]
	}
];

/** Lets modules know at once what they would learn while the app starts, since the start is one script. */
export function earlyValues(): VitePlugin {
	return {
		name: 'early-values',
		apply: 'build',
		enforce: 'pre',
		transform(code, id) {
			const late = lateValues.find(({ file }) => file.test(id));
			if (late === undefined) return null;
			let changed = code;
			for (const [written, meant] of late.early) {
				if (!changed.includes(written)) throw new Error(`${id} has no «${written}» any more.`);
				changed = changed.replace(written, meant);
			}
			return { code: changed, map: null };
		}
	};
}

/** What chunks that are no part of the start import from each that is. */
async function namesNeeded(
	chunks: BuiltChunks,
	members: ReadonlySet<Chunk>
): Promise<ReadonlyMap<Chunk, ReadonlySet<string>>> {
	const needed = new Map<Chunk, Set<string>>();
	for (const chunk of await chunks.all()) {
		if (members.has(chunk)) continue;
		for (const { source, names } of importsOf(chunks.code(chunk))) {
			const from = path.posix.join(path.dirname(chunk), source);
			if (!members.has(from)) continue;
			if (names.includes('*'))
				throw new Error(`${chunk} imports all of ${from}, which is part of the start.`);
			needed.set(from, (needed.get(from) ?? new Set()).union(new Set(names)));
		}
	}
	return needed;
}

/** The service worker, keeping the start script instead of what went into it. */
export function precacheOf(
	worker: string,
	script: string,
	members: ReadonlySet<Chunk>,
	needed: ReadonlyMap<Chunk, unknown>
): string {
	const gone = [...members].filter((chunk) => !needed.has(chunk));
	let kept = worker;
	for (const chunk of gone) {
		const entry = [`{path:\`${chunk}\`},`, `,{path:\`${chunk}\`}`].find((spelling) =>
			kept.includes(spelling)
		);
		if (entry === undefined) throw new Error(`The service worker does not keep ${chunk}.`);
		kept = kept.replace(entry, '');
	}
	const [first] = needed.keys();
	if (first === undefined) throw new Error('Nothing is shared with the start.');
	return kept.replace(`{path:\`${first}\`}`, `$&,{path:\`${script}\`}`);
}

async function alter(file: string, change: (text: string) => string): Promise<void> {
	await writeFile(file, change(await readFile(file, 'utf8')));
}
