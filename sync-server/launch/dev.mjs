/**
 * `npm run dev`: Vite with hot reload for the web app, and the server, started again at every change of its
 * sources. Vite's address is the one to open; it passes on to the server what is the server's. When one of
 * the two ends, the other is ended too.
 */
import { endLike, forwardSignals, startNode, lent } from './child.mjs';
import { ensureInstalled } from './installation.mjs';

ensureInstalled();
const children = [
	startNode([...lent, '--watch', '--watch-preserve-output', 'sync-server/main.ts']),
	startNode(['sync-server/launch/vite-dev.mjs'])
];
forwardSignals(children);
let running = children.length;
for (const child of children) {
	child.on('exit', (code, signal) => {
		running -= 1;
		for (const other of children) if (other.exitCode === null) other.kill('SIGTERM');
		if (running === 0) endLike(code, signal);
	});
}
