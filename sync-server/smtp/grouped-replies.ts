import type { Socket } from 'node:net';

/** Replies that others may follow at once: to MAIL, RCPT and the message itself, and the one that ends a group, to DATA. */
const held = /^(?:250|354) /;

/**
 * Lets replies to commands that came together leave together (RFC 2920 section 3.2): a reply is held until
 * everything that can go on by itself has done so. Any other reply, and the end, take along what is held.
 */
export function groupReplies(socket: Socket): void {
	const write = socket.write.bind(socket);
	let isHolding = false;
	const release = () => {
		if (isHolding) socket.uncork();
		isHolding = false;
	};
	const writeGrouped = (...[data, ...rest]: Parameters<Socket['write']>) => {
		if (typeof data !== 'string' || !held.test(data)) release();
		else if (!isHolding) {
			isHolding = true;
			socket.cork();
			process.nextTick(release);
		}
		return write(data, ...rest);
	};
	Object.assign(socket, { write: writeGrouped });
}
