import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProtocolDevice } from '../lab/device.ts';
import { corpusFile, corpusFiles, haveCorpora, tellWithoutCorpora } from '../outside/corpora.ts';
import { SmtpClient, withWireLineEnds } from '../outside/smtp-client.ts';
import { staffedServer } from '../lab/people.ts';
import type { LabServer } from '../lab/server.ts';

const password = 'a long enough password';
const reader = 'reader@hongyan.example';

/** Messages are told by their folder: everything that is not an expectation or a piece of one. */
function messageFiles(): string[] {
	return ['mime', 'charset/spamassassin-cjk']
		.flatMap(corpusFiles)
		.filter((file) => !/\.(json|jsonl|xml|out|md|txt\.expected)$|_decoded_|LICENSE|README/.test(file));
}

tellWithoutCorpora('No real messages are sent.');

describe.skipIf(!haveCorpora)('real messages over SMTP', () => {
	let server: LabServer;

	beforeAll(async () => {
		server = await staffedServer([{ name: 'Reader', address: reader, password }]);
	});

	afterAll(async () => {
		await server.dispose();
	});

	it('[Q1] stores every message byte for byte and opens every one', async () => {
		const files = messageFiles();
		expect(files.length).toBeGreaterThan(150);
		const smtp = await SmtpClient.open(server.ports.smtp);
		const sent: Buffer[] = [];
		for (const file of files) {
			const bytes = withWireLineEnds(corpusFile(file));
			await smtp.deliver('sender@outside.example', [reader], bytes);
			sent.push(Buffer.from(bytes));
		}
		await smtp.drop();

		const device = await openProtocolDevice(server.address, reader, password);
		await server.untilQueueIsEmpty();
		expect((await device.opening()).arrivals).toBe(files.length);
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
});
