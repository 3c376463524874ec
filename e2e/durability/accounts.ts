import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LabServer } from '../lab/server.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Password of every account made by {@link addAccounts}. */
export const labPassword = 'a long enough password';

/**
 * Adds the addresses as accounts with the command an administrator uses; the server must be stopped, since
 * only one process may open a data folder.
 */
export async function addAccounts(server: LabServer, addresses: readonly string[]): Promise<void> {
	const child = spawn(path.join(repository, 'node_modules/.bin/node'), ['sync-server/people/main.ts', 'add'], {
		cwd: repository,
		env: { ...process.env, HONGYAN_DATA: server.data, HONGYAN_DEMO: 'false', HONGYAN_LOG_LEVEL: 'error' },
		stdio: ['pipe', 'ignore', 'pipe']
	});
	let complaint = '';
	child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
	child.stdin.end(
		addresses.map((address) => JSON.stringify({ address, name: address, password: labPassword })).join('\n')
	);
	const code = await new Promise<number | null>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', resolve);
	});
	if (code !== 0) throw new Error(`accounts were not added: ${complaint}`);
}
