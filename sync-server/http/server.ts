import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer, type ServerType, type WebSocketServerLike } from '@hono/node-server';
import type { Hono } from 'hono';
import { WebSocketServer } from 'ws';
import { maxFrameBytes } from '#schema/protocol/frames.ts';
import type { HttpEnvironment } from './environment.ts';

/** Where the web is served, and with which certificate (PEM), if any. */
export interface HttpServerOptions {
	readonly host: string;
	/** 0: any free port. */
	readonly port: number;
	readonly tls: { readonly certificate: string; readonly key: string } | null;
	/** For how long a client may neither send nor take anything while it is answered, milliseconds; default 5 minutes. */
	readonly patience?: number;
}

/** The listening web server. */
export interface HttpServer {
	readonly port: number;
	/** Takes no new connections, lets answers under way go out for a while, then cuts what is left. */
	close(): Promise<void>;
}

/** A little more than a frame, so that one too large is closed by our own code and not by the library's. */
const maxPayload = maxFrameBytes + 1024;
/** How long answers under way may take at the end, milliseconds. */
const closeWithin = 3_000;
/** The largest attachment comes also over a line of 10 KB a second, milliseconds; who falls silent is cut long before. */
const requestTimeout = 60 * 60_000;
const headersTimeout = 20_000;
const defaultPatience = 5 * 60_000;

/** Binds the port and serves the app. Rejects where the port can't be bound. */
export async function startHttp(app: Hono<HttpEnvironment>, options: HttpServerOptions): Promise<HttpServer> {
	const sockets = new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false });
	const serverOptions = { requestTimeout, headersTimeout };
	const { tls, patience = defaultPatience } = options;
	const server = createAdaptorServer({
		fetch: app.fetch,
		// `ws` types its own options as optional, although they are there.
		websocket: { server: sockets as WebSocketServerLike },
		...(tls === null
			? { serverOptions }
			: {
					createServer: createTlsServer,
					serverOptions: { ...serverOptions, cert: tls.certificate, key: tls.key, minVersion: 'TLSv1.2' }
				})
	});
	// A WebSocket is not bounded by it: `ws` takes the limit off its socket.
	server.setTimeout(patience);
	await listen(server, options);
	return {
		port: (server.address() as AddressInfo).port,
		close: () => close(server, sockets)
	};
}

function listen(server: ServerType, { host, port }: HttpServerOptions): Promise<void> {
	return new Promise((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, () => {
			server.off('error', reject);
			resolve();
		});
	});
}

async function close(server: ServerType, sockets: WebSocketServer): Promise<void> {
	const closed = new Promise<void>((resolve) => server.close(() => resolve()));
	// Connections that are kept alive become idle one by one, as their answers end.
	const closeIdle = setInterval(() => {
		if ('closeIdleConnections' in server) server.closeIdleConnections();
	}, 25);
	const cut = setTimeout(() => {
		for (const socket of sockets.clients) socket.terminate();
		if ('closeAllConnections' in server) server.closeAllConnections();
	}, closeWithin);
	await closed;
	clearInterval(closeIdle);
	clearTimeout(cut);
}
