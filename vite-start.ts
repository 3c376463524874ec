import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { rolldown, type Plugin } from 'rolldown';
import { BuiltChunks, importsOf, type Chunk, type Folders } from './vite-built-chunks.ts';
import { payloadName } from './vite-early-values.ts';
import { firstPaintScript, firstPaintTag } from './vite-first-paint.ts';

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

/** What the page is told about the start. */
interface PageParts {
	readonly script: string;
	readonly members: ReadonlySet<Chunk>;
	/** Style sheets of the start; those of what is loaded later come with it. */
	readonly styles: ReadonlySet<string>;
	/** Elements of the head: what chooses the language's catalogue, and the font that the first words are set in. */
	readonly head: string;
	/** The script of the first paint. */
	readonly firstPaint: string;
}

/** The page, begun by its first paint and the start script instead of modules. */
export function pageWith(html: string, parts: PageParts): string {
	if (!boot.test(html) || !html.includes(firstPaintTag)) {
		throw new Error("SvelteKit's page begins in another way than expected.");
	}
	const { script, members, styles } = parts;
	const links = /\s*<link href="\/([^"]+)" rel="modulepreload">/g;
	const sheets = /\s*<link href="\/([^"]+)" rel="stylesheet">/g;
	const begin = (payload: string) =>
		`globalThis.${payloadName} = ${payload}; hongyanFirst({ element, version: ${payload}.version, script: '/${script}', run: () => ${globalName}.run(${payload}, element) });`;
	const head = `${parts.head}<link rel="preload" href="/${script}" as="script"><script>${parts.firstPaint}</script>`;
	return html
		.replace(boot, (_, payload: string) => begin(payload))
		.replaceAll(links, (link, chunk: string) => (members.has(chunk) ? '' : link))
		.replaceAll(sheets, (link, sheet: string) => (styles.has(sheet) ? link : ''))
		.replace(firstPaintTag, () => head);
}

/** Fetches the font beside the styles: one that comes after the first layout has everything laid out again. */
async function fontLink(build: string): Promise<string> {
	const assets = '_app/immutable/assets';
	const font = (await readdir(path.join(build, assets))).find((file) => file.endsWith('.woff2'));
	if (font === undefined) throw new Error('The build has no font.');
	return `<link rel="preload" href="/${assets}/${font}" as="font" type="font/woff2" crossorigin>`;
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
	const firstPaint = await firstPaintScript({ minify: true });
	const head = metas.join('') + (await fontLink(folders.build));
	await alter(at('index.html'), (html) =>
		pageWith(html, { script, members, styles: chunks.stylesOf(members), head, firstPaint })
	);
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
