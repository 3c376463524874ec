import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProtocolDevice } from '../lab/device.ts';
import { RawSmtp, withWireLineEnds } from '../lab/raw-smtp.ts';
import { addPeople } from '../lab/people.ts';
import { LabServer } from '../lab/server.ts';

const corpora = fileURLToPath(new URL('../../../shared/corpora/', import.meta.url));
const here = existsSync(corpora);
const password = 'a long enough password';
const reader = 'reader@hongyan.example';

/** Messages are told by their folder: everything that is not an expectation or a piece of one. */
function messageFiles(): string[] {
	const found = ['mime', 'charset/spamassassin-cjk'].flatMap((folder) =>
		globSync(`${folder}/**/*`, { cwd: corpora, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map((entry) => path.join(entry.parentPath, entry.name))
	);
	return found
		.filter((file) => !/\.(json|jsonl|xml|out|md|txt\.expected)$|_decoded_|LICENSE|README/.test(file))
		.sort();
}

describe.skipIf(!here)(
	`real messages over SMTP${here ? '' : ' (skipped: no corpora beside this checkout)'}`,
	() => {
		let server: LabServer;

		beforeAll(async () => {
			server = await LabServer.start({ demo: false, environment: { HONGYAN_LOG_LEVEL: 'error' } });
			await server.stop();
			await addPeople(server, [{ name: 'Reader', address: reader, password }]);
			await server.start();
		});

		afterAll(async () => {
			await server.dispose();
		});

		it('[Q1] stores every message byte for byte and opens every one', async () => {
			const files = messageFiles();
			expect(files.length).toBeGreaterThan(150);
			const smtp = await RawSmtp.connect(server.ports.smtp);
			const sent: Buffer[] = [];
			for (const file of files) {
				const bytes = withWireLineEnds(readFileSync(file));
				await smtp.deliver('sender@outside.example', [reader], bytes);
				sent.push(Buffer.from(bytes));
			}
			smtp.close();

			const device = await openProtocolDevice(server.address, reader, password);
			await expect
				.poll(async () => (await device.opening()).arrivals, { timeout: 60_000 })
				.toBe(files.length);
			const stored = new Map<string, number>();
			for (const message of await device.messages()) {
				const key = (await device.raw(message.arrival)).toString('latin1');
				stored.set(key, (stored.get(key) ?? 0) + 1);
				const content = await device.content(message.arrival);
				expect(Array.isArray(content.parts)).toBe(true);
			}
			const missing = files.filter((_, index) => !stored.has(sent[index]?.toString('latin1') ?? ''));
			expect(missing).toEqual([]);
		});
	}
);
