import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * The ports come from below the range that systems give to outgoing connections, so that nobody takes one
 * while its server is stopped and about to be started again.
 */
const lowest = 20_000;
const highest = 32_000;

async function isFree(port: number): Promise<boolean> {
	const probe = createServer().listen(port, '127.0.0.1');
	try {
		await once(probe, 'listening');
		return true;
	} catch {
		// Somebody else listens there.
		return false;
	} finally {
		probe.close();
	}
}

/** That many different TCP ports of 127.0.0.1 on which nobody listens. */
export async function freePorts(count: number): Promise<number[]> {
	const ports = new Set<number>();
	while (ports.size < count) {
		const port = randomInt(lowest, highest);
		if (!ports.has(port) && (await isFree(port))) ports.add(port);
	}
	return [...ports];
}
