import adapterStatic from '@sveltejs/adapter-static';
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const build = fileURLToPath(new URL('./build', import.meta.url));
const pages = adapterStatic({ pages: build, assets: build, fallback: 'index.html', precompress: false });

/**
 * Writes `build/csp.json`: `{ "scriptSources": ["'sha256-…'"] }`, one source per inline script of the page
 * (CSP Level 3, section 2.3.1). The page starts with one inline script whose text changes with each build;
 * the server adds these sources to `script-src 'self'`, so that nothing else that is inline runs.
 */
async function writeScriptSources() {
	const html = await readFile(path.join(build, 'index.html'), 'utf8');
	const scriptSources = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
		([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
	);
	await writeFile(path.join(build, 'csp.json'), `${JSON.stringify({ scriptSources })}\n`);
}

const kitFolder = fileURLToPath(new URL('./web/.svelte-kit', import.meta.url));

/** The parts of the mail list's screen; SvelteKit would ask for each when it has read the one before. */
const startScreen = ['(app)/+layout', '(app)/mail/[folder]/+layout', '(app)/mail/[folder]/+page'];

/**
 * @typedef {{ file: string, imports?: string[] }} Chunk
 * @typedef {Record<string, Chunk>} Manifest
 */

/**
 * A chunk with everything it imports at once.
 *
 * @param {Manifest} manifest
 * @param {string} key
 * @param {Set<string>} found
 */
function withImports(manifest, key, found = new Set()) {
	const chunk = manifest[key];
	if (chunk === undefined || found.has(chunk.file)) return found;
	found.add(chunk.file);
	for (const imported of chunk.imports ?? []) withImports(manifest, imported, found);
	return found;
}

/** The chunks of the mail list's screen, and by language its catalogue. */
async function startChunks() {
	/** @type {Manifest} */
	const manifest = JSON.parse(
		await readFile(path.join(kitFolder, 'output/client/.vite/manifest.json'), 'utf8')
	);
	const nodes = path.join(kitFolder, 'generated/build/client-optimized/nodes');
	/** @type {Set<string>} */
	const chunks = new Set();
	for (const name of await readdir(nodes)) {
		const source = await readFile(path.join(nodes, name), 'utf8');
		if (!startScreen.some((part) => source.includes(`routes/${part}.`))) continue;
		const key = Object.keys(manifest).find((other) => other.endsWith(`/client-optimized/nodes/${name}`));
		for (const file of withImports(manifest, key ?? '')) chunks.add(file);
	}
	const catalogueOf = (/** @type {string} */ language) => manifest[`lib/i18n/${language}/index.ts`]?.file;
	return { chunks, catalogues: { 'zh-CN': catalogueOf('chinese'), en: catalogueOf('english') } };
}

/**
 * Names in the page what the mail list needs, so that the browser asks for all of it at once; the catalogues
 * are for `first-paint.js`, which knows the language.
 */
async function preloadStart() {
	const file = path.join(build, 'index.html');
	const html = await readFile(file, 'utf8');
	const { chunks, catalogues } = await startChunks();
	const links = [...chunks]
		.filter((chunk) => !html.includes(chunk))
		.map((chunk) => `<link href="/${chunk}" rel="modulepreload">`);
	const metas = Object.entries(catalogues).map(
		([locale, chunk]) => `<meta name="catalogue" data-locale="${locale}" content="/${chunk}">`
	);
	await writeFile(file, html.replace('<script src="/first-paint.js">', `${[...metas, ...links].join('')}$&`));
}

/**
 * SvelteKit's options. SvelteKit 3 takes them through its Vite plugin and refuses a file of this name in
 * Vite's root, which is `web/`; so this is a plain module that `vite.config.ts` imports.
 *
 * @type {import('@sveltejs/kit/vite').Config}
 */
export default {
	files: { src: '.', assets: '../static' },
	serviceWorker: { register: false },
	adapter: {
		name: pages.name,
		async adapt(builder) {
			await pages.adapt(builder);
			await preloadStart();
			await builder.compress(build);
			await writeScriptSources();
		}
	}
};
