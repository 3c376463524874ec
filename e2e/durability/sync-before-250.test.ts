import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SmtpClient } from '../outside/smtp-client.ts';
import { staffedServer } from '../lab/people.ts';
import type { LabServer } from '../lab/server.ts';

const password = 'a long enough password';
const reader = 'reader@hongyan.example';
const traceable = spawnSync('strace', ['-V']).status === 0;

/** Lines of the server's system calls that write to a socket or make a file durable, in order, until `stop`. */
async function traceOf(pid: number, action: () => Promise<void>): Promise<string[]> {
	const calls = 'trace=fdatasync,fsync,write,writev,sendto,sendmsg';
	const strace = spawn('strace', ['-f', '-p', String(pid), '-e', calls, '-s', '40'], {
		stdio: ['ignore', 'ignore', 'pipe']
	});
	let output = '';
	const attached = new Promise<void>((resolve, reject) => {
		strace.on('error', reject);
		strace.on('close', () => reject(new Error(`strace ended: ${output}`)));
		strace.stderr.setEncoding('utf8').on('data', (text: string) => {
			output += text;
			if (output.includes('attached')) resolve();
		});
	});
	await attached;
	await action();
	const closed = once(strace, 'close');
	strace.kill('SIGINT');
	await closed;
	return output.split('\n');
}

describe.skipIf(!traceable)(
	`durability before 250${traceable ? '' : ' (skipped: no strace on this machine)'}`,
	() => {
		let server: LabServer;

		beforeAll(async () => {
			server = await staffedServer([{ name: 'Reader', address: reader, password }]);
		});

		afterAll(async () => {
			await server.dispose();
		});

		it('[Q1] the queue is synced to the disk between the end of DATA and its 250', async () => {
			const smtp = await SmtpClient.open(server.ports.smtp);
			const lines = await traceOf(server.pid ?? 0, () =>
				smtp.deliver('sender@outside.example', [reader], Buffer.from('Subject: traced\r\n\r\nHello\r\n'))
			);
			await smtp.drop();
			const goAhead = lines.findIndex((line) => line.includes('"354'));
			const accepted = lines.findIndex((line, index) => index > goAhead && line.includes('"250'));
			const synced = lines.findIndex(
				(line, index) => index > goAhead && /f(?:data)?sync(\(\d+\)| resumed>\)) += 0/.test(line)
			);
			expect(goAhead).toBeGreaterThanOrEqual(0);
			expect(accepted).toBeGreaterThan(goAhead);
			expect(synced).toBeGreaterThan(goAhead);
			expect(synced).toBeLessThan(accepted);
		});
	}
);
