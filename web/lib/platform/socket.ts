/** What happens to a socket. `closed` comes exactly once, last; its code is as in RFC 6455 section 7.4. */
export interface SocketEvents {
	opened(): void;
	message(bytes: Uint8Array): void;
	closed(code: number): void;
}

/** A connection of binary messages; what is sent before `opened` or after `closed` is dropped. */
export interface Socket {
	send(bytes: Uint8Array): void;
	close(): void;
}

/** Starts a connection. It never throws: a failure is `closed`. */
export type OpenSocket = (events: SocketEvents) => Socket;

/** Connections to one WebSocket address. `WebSocketClass` is the browser's, or the one of Node. */
export function webSockets(url: string, WebSocketClass: typeof WebSocket): OpenSocket {
	return (events) => {
		const socket = new WebSocketClass(url);
		socket.binaryType = 'arraybuffer';
		let isClosed = false;
		const close = (code: number) => {
			if (isClosed) return;
			isClosed = true;
			events.closed(code);
		};
		socket.onopen = () => {
			if (!isClosed) events.opened();
		};
		socket.onmessage = ({ data }) => {
			if (!isClosed && data instanceof ArrayBuffer) events.message(new Uint8Array(data));
		};
		socket.onclose = ({ code }) => close(code);
		return {
			send(bytes) {
				if (socket.readyState === WebSocketClass.OPEN) socket.send(new Uint8Array(bytes));
			},
			close() {
				socket.close();
				// A dead network lets the closing handshake wait for minutes; for us it ends here.
				close(1006);
			}
		};
	};
}
