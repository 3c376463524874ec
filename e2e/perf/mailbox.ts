import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LabServer } from '../lab/server.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const generator = path.join(repository, '../shared/tools/seed-mailbox/seed-mailbox.mjs');

function run(
	file: string,
	parameters: readonly string[],
	environment: Record<string, string> = {}
): Promise<void> {
	const child = spawn(path.join(repository, 'node_modules/.bin/node'), [file, ...parameters], {
		cwd: repository,
		env: { ...process.env, ...environment },
		stdio: ['ignore', 'ignore', 'inherit']
	});
	return new Promise((resolve, reject) => {
		child.on('error', reject);
		child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`${file} ended with ${code}`))));
	});
}

/** A folder of that many messages, always the same; made once and kept among the temporary files. */
export async function seededMailbox(size: number): Promise<string> {
	const folder = path.join(tmpdir(), `hongyan-mailbox-${size}`);
	if (!existsSync(path.join(folder, 'summary.json')))
		await run(generator, ['--n', String(size), '--out', folder]);
	return path.join(folder, 'maildir');
}

/** Imports a Maildir into an account with the command a person uses; answers the seconds it took. */
export async function importMailbox(server: LabServer, address: string, folder: string): Promise<number> {
	const start = performance.now();
	await run('sync-server/import/main.ts', ['--user', address, folder], {
		HONGYAN_DATA: server.data,
		HONGYAN_DEMO: 'false',
		HONGYAN_LOG_LEVEL: 'error'
	});
	return (performance.now() - start) / 1000;
}
