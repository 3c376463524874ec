import { upgradeWebSocket } from '@hono/node-server';
import { getCookie } from 'hono/cookie';
import type { MiddlewareHandler } from 'hono';
import type { WebSocket } from 'ws';
import type { Session, Sessions } from '../accounts/sessions.ts';
import type { HttpEnvironment } from './environment.ts';
import { cookieName } from './guards.ts';
import type { Site } from './site.ts';

/** A connection over a WebSocket: told what comes and when it is over. */
export interface SocketHandler {
	receive(data: Uint8Array | string): void;
	closed(): void;
}

/** Makes the handler of a WebSocket that was opened under a session. */
export type AcceptSocket = (session: Session, socket: WebSocket) => SocketHandler;

/**
 * `/ws`: accepted from the site's own pages with a good session, else refused with 403 or 401 before there is
 * a socket (RFC 6455, section 10.2: a WebSocket is not bound to an origin by itself).
 */
export function webSocketRoute(
	site: Site,
	sessions: Pick<Sessions, 'find'>,
	accept: AcceptSocket
): MiddlewareHandler<HttpEnvironment> {
	return async (context, next) => {
		if (!site.isOwn(context)) return context.body(null, 403);
		const token = getCookie(context, cookieName(site));
		const session = token === undefined ? null : await sessions.find(token);
		if (session === null) return context.body(null, 401);
		const upgrade = upgradeWebSocket(() => ({
			onOpen: (_event, { raw }) => connect(raw as WebSocket, (socket) => accept(session, socket))
		}));
		return upgrade(context, next);
	};
}

/** Listens on the socket itself: bytes come in their own memory, so that a part of them can be passed on. */
function connect(socket: WebSocket, accept: (socket: WebSocket) => SocketHandler): void {
	const handler = accept(socket);
	socket.on('message', (data: Buffer, isBinary) => {
		handler.receive(isBinary ? new Uint8Array(data) : data.toString('utf8'));
	});
	socket.on('close', () => handler.closed());
	// The close that follows an error tells all there is to tell.
	socket.on('error', () => undefined);
}
