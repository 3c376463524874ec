import { Hono } from 'hono';
import { isLoopback, plainAddress } from '../accounts/network.ts';
import type { HttpEnvironment } from './environment.ts';

/** What observation needs. */
export interface ObserveRoutesPorts {
	/** What is missing before the server can do its work; empty where it is ready. */
	readonly missing: () => Promise<readonly string[]>;
	readonly metricsPage: () => Promise<{ readonly text: string; readonly type: string }>;
	/** Whether others than this machine may read the metrics. */
	readonly isOpen: boolean;
}

/** `/healthz`: the process answers; `/readyz`: it can do its work; `/metrics`: what it counts. */
export function observeRoutes({ missing, metricsPage, isOpen }: ObserveRoutesPorts): Hono<HttpEnvironment> {
	const routes = new Hono<HttpEnvironment>();
	routes.get('/healthz', (context) => context.text('ok\n', 200, { 'cache-control': 'no-store' }));
	routes.get('/readyz', async (context) => {
		const lacking = await missing();
		const headers = { 'cache-control': 'no-store' };
		if (lacking.length === 0) return context.text('ready\n', 200, headers);
		return context.text(`not ready: ${lacking.join(', ')}\n`, 503, headers);
	});
	routes.get('/metrics', async (context) => {
		// A proxy on this machine also speaks from loopback; what it passes on is marked and not from here.
		const isForwarded = context.req.header('x-forwarded-for') !== undefined;
		const isLocal = isLoopback(plainAddress(context.env.incoming.socket.remoteAddress ?? '')) && !isForwarded;
		if (!isOpen && !isLocal) return context.notFound();
		const { text, type } = await metricsPage();
		return context.body(text, 200, { 'content-type': type, 'cache-control': 'no-store' });
	});
	return routes;
}
