import { readFile } from 'node:fs/promises';
import { openProtocolDevice } from '../lab/device.ts';
import { staffedServer } from '../lab/people.ts';
import type { LabServer } from '../lab/server.ts';
import type { Row } from './report.ts';
import { rest } from './rest.ts';
import { runLoad } from './smtp-load.ts';

const reader = { name: 'Reader', address: 'reader@hongyan.example', password: 'a long enough password' };

async function residentMegabytes(pid: number): Promise<number> {
	const status = await readFile(`/proc/${pid}/status`, 'utf8');
	return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024;
}

/** Letters per second from the first byte until the last one lies in the mailbox. */
async function landedRate(server: LabServer, connections: number, letters: number): Promise<number> {
	const device = await openProtocolDevice(server.address, reader.address, reader.password);
	const arrival = await device.expectArrivals(letters);
	const start = performance.now();
	await runLoad({
		port: server.ports.smtp,
		connections,
		letters,
		bytes: 10_240,
		recipients: [reader.address]
	});
	await arrival();
	return letters / ((performance.now() - start) / 1000);
}

/** Deliveries and memory, on a fresh server. */
export async function benchServer(): Promise<Row[]> {
	const server = await staffedServer([reader]);
	try {
		await rest(5000);
		const idle = await residentMegabytes(server.pid ?? 0);
		const warm = await landedRate(server, 1, 500);
		const one = await landedRate(server, 1, 3000);
		let loaded = 0;
		const watch = setInterval(() => {
			void residentMegabytes(server.pid ?? 0).then((now) => (loaded = Math.max(loaded, now)));
		}, 200);
		const eight = await landedRate(server, 8, 8000);
		clearInterval(watch);
		const note = `first 500 letters after the start: ${warm.toFixed(0)}/s`;
		return [
			{
				action: 'deliveries, 10 KB, 1 SMTP connection, landed',
				unit: '/s',
				measured: one,
				budget: 500,
				atLeast: true,
				note
			},
			{
				action: 'deliveries, 10 KB, 8 SMTP connections, landed',
				unit: '/s',
				measured: eight,
				budget: 1200,
				atLeast: true
			},
			{ action: 'memory of the server, idle', unit: 'MB', measured: idle, budget: 200 },
			{ action: 'memory of the server, under delivery', unit: 'MB', measured: loaded, budget: 350 }
		];
	} finally {
		await server.dispose();
	}
}
