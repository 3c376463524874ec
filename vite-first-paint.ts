import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import type { Plugin } from 'vite';

/**
 * What the page does before the app is loaded (`web/first-paint`), as one classic script: the build puts it into
 * the page (`docs/decisions/inline-start-script.md`), and while developing the page loads it from Vite.
 */

const address = '/first-paint.js';

/** Where `web/app.html` asks for it; there is no such file in a build. */
export const firstPaintTag = `<script src="${address}"></script>`;

const entry = fileURLToPath(new URL('web/first-paint/main.ts', import.meta.url));

/** The script's text. */
export async function firstPaintScript({ minify }: { readonly minify: boolean }): Promise<string> {
	const bundled = await rolldown({ input: entry, tsconfig: false });
	const { output } = await bundled.generate({
		format: 'iife',
		codeSplitting: false,
		minify,
		comments: false
	});
	await bundled.close();
	return output[0].code.trim();
}

/** Serves it while developing, made anew for every page. */
export function servedFirstPaint(): Plugin {
	return {
		name: 'served-first-paint',
		apply: 'serve',
		configureServer(server) {
			server.middlewares.use(address, (_, response, next) => {
				firstPaintScript({ minify: false }).then(
					(text) => response.setHeader('content-type', 'text/javascript').end(text),
					next
				);
			});
		}
	};
}
