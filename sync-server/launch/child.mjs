import { spawn } from 'node:child_process';
import path from 'node:path';
import { node, repository } from './installation.mjs';

/** What Node lends the server beyond the ordinary: collecting garbage when files have been closed. */
export const lent = ['--expose-gc'];

/**
 * Starts a program on Node 24 in the root of the repository, on this terminal.
 *
 * @param {string[]} commandLine
 */
export function startNode(commandLine) {
	// Sources are stripped of their types once, not at each start: 30 MB less in memory, and a quicker start.
	const cache = path.join(repository, 'node_modules/.cache/node-compile');
	const env = { NODE_COMPILE_CACHE: cache, ...process.env };
	return spawn(node, commandLine, { cwd: repository, stdio: 'inherit', env });
}

/**
 * Hands the signals that end this process on to the children. The terminal sends Ctrl+C to all of them
 * itself, so there it is only kept from ending this process before them.
 *
 * @param {import('node:child_process').ChildProcess[]} children
 */
export function forwardSignals(children) {
	for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
		process.on(signal, () => {
			if (signal === 'SIGINT' && process.stdin.isTTY) return;
			for (const child of children) child.kill(signal);
		});
	}
}

/**
 * Ends this process as the child ended: with its exit code, or by the same signal.
 *
 * @param {number | null} code @param {NodeJS.Signals | null} signal
 */
export function endLike(code, signal) {
	if (signal === null) process.exit(code ?? 1);
	process.removeAllListeners(signal);
	process.kill(process.pid, signal);
}
