import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { LabServer, type LabServerOptions } from './server.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** Somebody with an account. */
export interface Person {
	readonly name: string;
	readonly address: string;
	readonly password: string;
}

/**
 * Adds people's accounts with the command an administrator uses. The server must be stopped, since only one
 * process may open a data folder. Throws with the command's complaint if it fails.
 */
export async function addPeople(server: LabServer, people: readonly Person[]): Promise<void> {
	const child = spawn(
		path.join(repository, 'node_modules/.bin/node'),
		['sync-server/people/main.ts', 'add'],
		{
			cwd: repository,
			env: { ...process.env, HONGYAN_DATA: server.data, HONGYAN_DEMO: 'false', HONGYAN_LOG_LEVEL: 'error' },
			stdio: ['pipe', 'ignore', 'pipe']
		}
	);
	let complaint = '';
	child.stderr.setEncoding('utf8').on('data', (text: string) => (complaint += text));
	child.stdin.end(people.map((person) => `${JSON.stringify(person)}\n`).join(''));
	const code = await new Promise<number | null>((resolve, reject) => {
		child.on('error', reject);
		child.on('close', resolve);
	});
	if (code !== 0) throw new Error(`The accounts were not added: ${complaint}`);
}

/** A server that is running and whose company is these people alone. `dispose` it in the end. */
export async function staffedServer(
	people: readonly Person[],
	{ environment = {}, ...options }: Omit<LabServerOptions, 'demo'> = {}
): Promise<LabServer> {
	const quiet = { HONGYAN_LOG_LEVEL: 'error', ...environment };
	const server = await LabServer.start({ ...options, demo: false, environment: quiet });
	await server.stop();
	await addPeople(server, people);
	await server.start();
	return server;
}
