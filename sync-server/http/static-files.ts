import { existsSync } from 'node:fs';
import path from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import type { HttpContext, HttpEnvironment } from './environment.ts';

/** Files whose names carry the hash of their content never change; all others are asked for each time. */
function cacheControl(file: string, context: HttpContext): void {
	const isImmutable = file.split(path.sep).join('/').includes('/_app/immutable/');
	context.header('cache-control', isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache');
}

/**
 * The built web app, precompressed. Every address that is no file is a screen of the app and gets its page; a
 * missing chunk is 404, since a page in its place would be run as a script. What the build keeps for the
 * server is not served.
 */
export function staticFiles(build: string): Hono<HttpEnvironment> {
	const app = new Hono<HttpEnvironment>();
	if (!existsSync(build)) return app;
	const files = serveStatic<HttpEnvironment>({ root: build, precompressed: true, onFound: cacheControl });
	const page = serveStatic<HttpEnvironment>({
		path: path.join(build, 'index.html'),
		precompressed: true,
		onFound: cacheControl
	});
	app.get('/csp.json*', (context) => context.notFound());
	app.use('*', files);
	app.get('/_app/*', (context) => context.notFound());
	app.get('*', page);
	return app;
}
