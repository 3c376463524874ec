import { Hono } from 'hono';
import type { Directory } from '../accounts/directory.ts';
import { securityHeaders, type ScriptSources } from './content-security.ts';
import type { HttpEnvironment } from './environment.ts';
import { limited, onlyOwn, signedIn } from './guards.ts';
import { observeRoutes, type ObserveRoutesPorts } from './observe-routes.ts';
import { problem, problemOf } from './problems.ts';
import { sessionRoutes } from './session-routes.ts';
import type { Site } from './site.ts';
import { spaceRoutes, type SpaceRoutesPorts } from './space-routes.ts';
import { staticFiles } from './static-files.ts';
import { webSocketRoute, type AcceptSocket } from './web-socket.ts';

/** Everything the HTTP edge is given. */
export interface HttpPorts {
	readonly site: Site;
	readonly clock: () => number;
	/** Folder of the built web app. */
	readonly build: string;
	/** Which inline scripts of its page may run. */
	readonly scriptSources: ScriptSources;
	readonly directory: Directory;
	readonly spaces: SpaceRoutesPorts;
	readonly observe: ObserveRoutesPorts;
	readonly acceptSocket: AcceptSocket;
	readonly attempted: (result: 'verified' | 'wrong' | 'limited') => void;
	readonly answered: (method: string, status: number) => void;
	/** An error that no handler foresaw, to be logged. */
	readonly failed: (error: unknown) => void;
}

/** The HTTP edge: API, WebSocket, observation, and the web app itself. */
export function createHttpApp(ports: HttpPorts): Hono<HttpEnvironment> {
	const { site, directory, clock } = ports;
	const app = new Hono<HttpEnvironment>();
	app.use('*', async (context, next) => {
		await next();
		ports.answered(context.req.method, context.res.status);
	});
	const limits = limited(site, clock);
	app.get('/ws', limits.byNetwork, webSocketRoute(site, directory.sessions, ports.acceptSocket));
	app.use('*', securityHeaders(site, ports.scriptSources));
	app.route('/', observeRoutes(ports.observe));
	app.route('/api', api(ports, limits));
	app.route('/', staticFiles(ports.build));
	app.notFound((context) => context.text('not found\n', 404, { 'cache-control': 'no-store' }));
	app.onError((error, context) => problemOf(error, context, ports.failed));
	return app;

	function api(_ports: HttpPorts, limits: ReturnType<typeof limited>): Hono<HttpEnvironment> {
		const routes = new Hono<HttpEnvironment>();
		routes.use('*', limits.byNetwork, onlyOwn(site), async (context, next) => {
			await next();
			if (!context.res.headers.has('cache-control')) context.header('cache-control', 'no-store');
		});
		routes.route('/session', sessionRoutes({ directory, site, attempted: ports.attempted }));
		routes.use('/spaces/*', signedIn(site, directory.sessions), limits.bySession);
		routes.route('/spaces', spaceRoutes(ports.spaces));
		routes.all('*', (context) => problem(context, 404, 'unsupported'));
		return routes;
	}
}
