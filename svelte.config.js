import adapterStatic from '@sveltejs/adapter-static';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeStartScript } from './vite-start.ts';

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
			await writeStartScript({ build, kit: kitFolder });
			await builder.compress(build);
			await writeScriptSources();
		}
	}
};
