import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Where a browser ends up that connects to a host it should know nothing of. It answers nothing. */
export class TrapHost {
	/** What each connection began with. */
	readonly connections: string[] = [];
	readonly #server: Server;
	readonly #sockets = new Set<Socket>();

	private constructor() {
		this.#server = createServer((socket) => {
			const place = this.connections.push('') - 1;
			this.#sockets.add(socket);
			socket.on('data', (bytes) => {
				this.connections[place] = `${this.connections[place] ?? ''}${bytes.toString('latin1')}`;
			});
			// The browser may go away at any time.
			socket.on('error', () => undefined);
			socket.on('close', () => this.#sockets.delete(socket));
		});
	}

	/** A trap that listens on a free port of 127.0.0.1. `close` it in the end. */
	static async listen(): Promise<TrapHost> {
		const trap = new TrapHost();
		await once(trap.#server.listen(0, '127.0.0.1'), 'listening');
		return trap;
	}

	get port(): number {
		return (this.#server.address() as AddressInfo).port;
	}

	/** Ends all connections and stops listening. */
	close(): Promise<void> {
		for (const socket of this.#sockets) socket.destroy();
		return new Promise((resolve) => this.#server.close(() => resolve()));
	}
}
