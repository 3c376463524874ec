import type { Session, Sessions } from '../accounts/sessions.ts';
import type { SyncAccount } from './account.ts';
import type { SyncHub } from './hub.ts';
import type { SyncSocket } from './socket.ts';

/** What is used of a WebSocket of the `ws` package. */
export interface ServerWebSocket {
	readonly bufferedAmount: number;
	readonly readyState: number;
	send(data: Uint8Array, done: (error?: Error) => void): void;
	close(code: number, reason: string): void;
	terminate(): void;
}

const open = 1;
/** Below this, sending goes on, bytes. */
const lowBuffer = 256 << 10;
/** A socket whose other end does not answer the close is cut after this time, milliseconds. */
const closeTimeout = 5_000;

/** The server's end of a real WebSocket. `delayed` runs something later; a timer, or the tests' own. */
function syncSocketOver(
	socket: ServerWebSocket,
	delayed: (task: () => void, milliseconds: number) => void
): SyncSocket & { closed(): void } {
	let waiting: (() => void)[] = [];
	const release = () => {
		const released = waiting;
		waiting = [];
		for (const resolve of released) resolve();
	};
	const isDrained = () => socket.readyState !== open || socket.bufferedAmount < lowBuffer;
	return {
		send: (frame) => {
			if (socket.readyState !== open) return;
			// An error here is followed by the socket's close, which is what counts.
			socket.send(frame, () => {
				if (isDrained()) release();
			});
		},
		close: (code, reason) => {
			socket.close(code, reason);
			delayed(() => socket.terminate(), closeTimeout);
			release();
		},
		get buffered() {
			return socket.bufferedAmount;
		},
		drained: async () => {
			if (isDrained()) return;
			await new Promise<void>((resolve) => waiting.push(resolve));
		},
		closed: release
	};
}

/** What is told of a connection over a WebSocket: what came, and that it is over. */
interface Connection {
	receive(data: Uint8Array | string): void;
	closed(): void;
}

/** Connects WebSockets that were opened under a session to the hub. */
export function acceptSockets(
	hub: SyncHub,
	sessions: Pick<Sessions, 'used' | 'endOf'>
): (session: Session, socket: ServerWebSocket) => Connection {
	return (session, webSocket) => {
		const socket = syncSocketOver(webSocket, (task, milliseconds) => {
			setTimeout(task, milliseconds).unref();
		});
		const connection = hub.connect(accountOf(session, sessions), socket);
		return {
			receive: (data) => connection.receive(data),
			closed: () => {
				socket.closed();
				hub.disconnected(connection);
			}
		};
	};
}

/** A person may write in their own mailbox, which is the only space there is for them. */
function accountOf(session: Session, sessions: Pick<Sessions, 'used' | 'endOf'>): SyncAccount {
	const { id, idleEndsAt, endsAt, principal, space } = session;
	return {
		session: id,
		goodUntil: Math.min(idleEndsAt, endsAt),
		standing: () => sessions.endOf(session),
		used: () => sessions.used(session),
		principal,
		spaces: [{ space, kind: 'mailbox', access: 'write' }]
	};
}
