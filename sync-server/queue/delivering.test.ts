import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SpaceId } from '#schema/ids.ts';
import { SmtpSink } from '../../e2e/outside/smtp-sink.ts';
import { parseMessage, type ParsedMessage } from '../mail/parse.ts';
import { createParserPool, type MessageSource } from '../mail/parser-pool.ts';
import type { BlobStore } from '../store/blobs/blob-store.ts';
import { smarthostAt } from './smarthost.ts';
import { triedFor } from './retry.ts';
import { li, Office, pieces, wang, type OfficeOptions } from './trial/office.ts';

let office: Office;
let sink: SmtpSink;
beforeEach(async () => {
	sink = await SmtpSink.listen();
});
afterEach(async () => {
	await office.close();
	await sink.close();
});

async function open(options: OfficeOptions = {}): Promise<void> {
	office = await Office.open(options);
}

const smarthost = () => smarthostAt({ url: sink.url, name: 'mx.hongyan.example' });

const letter = (subject: string) => `From: far@outside.example\r\nSubject: ${subject}\r\n\r\nHello\r\n`;

/** Puts a message that a machine of ours forwards outside into the queue. */
async function forward(subject: string, to: readonly string[], sender = li): Promise<void> {
	await office.accept(letter(subject), to, sender);
	await office.queue.idle();
}

/** A letter of so many bytes with one file, in pieces. */
async function* large(subject: string, size: number): AsyncGenerator<Uint8Array> {
	const type = 'Content-Type: multipart/mixed; boundary=b\r\n\r\n';
	const file = 'Content-Type: application/zip\r\nContent-Disposition: attachment\r\n\r\n';
	const start = `Subject: ${subject}\r\n${type}--b\r\n\r\nHello\r\n--b\r\n${file}`;
	yield Buffer.from(start);
	const lines = Buffer.from(`${'x'.repeat(998)}\r\n`.repeat(100));
	for (let left = size - start.length; left > 0; left -= lines.length) yield lines.subarray(0, left);
}

const counts = () => office.queue.counts();

describe('delivering inside', () => {
	it('[Q9] places a delivery once, also where it comes again', async () => {
		await open();
		const stall = Promise.withResolvers<ParsedMessage>();
		await office.crash({ parser: { parse: () => stall.promise } });
		await office.accept(letter('one'), [li]);
		await office.crash({});
		stall.resolve(parseMessage(Buffer.from(letter('one'))));
		await office.queue.idle();
		expect(await office.mailbox(li)).toHaveLength(1);
	});

	it('[Q9] places a delivery once, where the crash came between placing and noting it', async () => {
		await open();
		await office.queue.stop(0);
		await office.accept(letter('one'), [li]);
		const [taken] = await office.queueFile().call('take', { lane: 'inside', envelopes: 1, bytes: 1e6 });
		if (taken?.content.kind !== 'inline') throw new Error('nothing was taken');
		await (
			await office.file(li)
		).call('place', {
			envelope: taken.id,
			recipient: li,
			receivedAt: taken.acceptedAt,
			mailbox: 'inbox' as never,
			keywords: [],
			parsed: parseMessage(taken.content.bytes),
			body: taken.content
		});
		await office.crash();
		expect(await office.mailbox(li)).toHaveLength(1);
		expect(await counts()).toEqual({});
	});

	it('[Q10] parses a message for many recipients once', async () => {
		let parsed = 0;
		const parse = (message: Uint8Array) => {
			parsed += 1;
			return Promise.resolve(parseMessage(message));
		};
		await open({ parser: { parse } });
		await office.accept(letter('one'), [li, wang]);
		await office.queue.idle();
		expect(parsed).toBe(1);
		expect([await office.mailbox(li), await office.mailbox(wang)].map(({ length }) => length)).toEqual([
			1, 1
		]);
	});

	it('[Q48] has a large message read by the parser from its file, at most one of these at once', async () => {
		const pool = createParserPool({ workers: 2 });
		const asked: (readonly [string, number])[] = [];
		let running = 0;
		let readHere = 0;
		const parse = async (message: MessageSource) => {
			running += 1;
			asked.push(['path' in message ? 'file' : 'bytes', running]);
			try {
				return await pool.parse(message);
			} finally {
				running -= 1;
			}
		};
		const blobsOf = (blobs: BlobStore): BlobStore => ({
			put: (...input) => blobs.put(...input),
			get: (...input) => {
				readHere += 1;
				return blobs.get(...input);
			},
			fileOf: (key) => blobs.fileOf(key),
			stat: (key) => blobs.stat(key),
			reserve: (key) => blobs.reserve(key),
			collect: (...input) => blobs.collect(...input)
		});
		await open({ parser: { parse }, blobsOf });
		for (const subject of ['first', 'second']) {
			await office.acceptPieces(large(subject, 49_999_000), [li]);
		}
		await office.queue.idle();
		await pool.close();
		expect(asked).toEqual([
			['file', 1],
			['file', 1]
		]);
		expect(readHere).toBe(0);
		const pack = await (await office.file(li)).call('pack', { before: 2, count: 2 });
		const found = pack === 'done' ? [] : pack.messages.map(({ summary }) => summary);
		expect(found).toMatchObject([
			{ subject: 'second', snippet: 'Hello', size: 49_999_000, attachments: 1 },
			{ subject: 'first', snippet: 'Hello', size: 49_999_000, attachments: 1 }
		]);
	});

	it('[Q11] notes many outcomes in one commit and leaves no row', async () => {
		await open();
		await office.queue.stop(0);
		for (let number = 0; number < 100; number += 1) await office.accept(letter(`${number}`), [li, wang]);
		expect(await counts()).toEqual({ queued: 200 });
		const before = office.store.figures.commits;
		await office.crash();
		expect(await counts()).toEqual({});
		const placed = 200;
		expect(office.store.figures.commits - before).toBeLessThan(placed + 40);
		expect(await office.mailbox(li)).toHaveLength(100);
	});

	it('[Q12] tries again where a message can not be placed now', async () => {
		let isBroken = true;
		const parse = (message: Uint8Array) => {
			return isBroken ? Promise.reject(new Error('no worker')) : Promise.resolve(parseMessage(message));
		};
		await open({ parser: { parse } });
		await office.accept(letter('one'), [li]);
		await office.queue.idle();
		expect(await counts()).toEqual({ queued: 1 });
		isBroken = false;
		await office.advance(59_999);
		expect(await office.mailbox(li)).toEqual([]);
		await office.advance(1);
		expect(await office.mailbox(li)).toHaveLength(1);
	});

	it('[Q12] fails where the space is gone', async () => {
		await open();
		const gone = {
			address: 'gone@hongyan.example',
			destination: { kind: 'inside', space: 'gone' as SpaceId }
		} as const;
		const content = await office.queue.collect(pieces(Buffer.from(letter('one'))));
		const trace = { peer: '192.0.2.1', helo: '', protocol: 'ESMTP', by: 'mx' };
		await office.queue.accept(
			{ sender: li, recipients: [gone, await office.recipient(wang)], trace },
			content
		);
		await office.queue.idle();
		expect((await office.mailbox(li))[0]?.raw).toContain('Final-Recipient: rfc822; gone@hongyan.example');
		expect(await office.mailbox(wang)).toHaveLength(1);
		expect(await counts()).toEqual({});
	});

	it('[Q12] fails where nobody has the address', async () => {
		await open();
		await office.accept(letter('one'), ['nobody@hongyan.example'], wang);
		await office.queue.idle();
		const [bounce] = await office.mailbox(wang);
		expect(bounce?.raw).toContain('Status: 5.1.1');
		expect(bounce?.raw).toContain('Final-Recipient: rfc822; nobody@hongyan.example');
	});
});

describe('delivering outside', () => {
	it('[Q13] hands a message over once for all its recipients, each with its own outcome', async () => {
		sink.judge = (address) => (address.startsWith('bad') ? { code: 550, text: '5.1.1 nobody' } : 'take');
		await open({ smarthost: smarthost() });
		await forward('one', ['a@far.example', 'bad@far.example', 'c@far.example']);
		expect(sink.letters.map(({ to }) => to)).toEqual([['a@far.example', 'c@far.example']]);
		const [bounce] = await office.mailbox(li);
		expect(bounce?.raw).toContain('Final-Recipient: rfc822; bad@far.example');
		expect(bounce?.raw).not.toContain('a@far.example');
		expect(await counts()).toEqual({});
	});

	it('[Q20] puts Received in front of what came from elsewhere, and stores it as it came', async () => {
		await open({ smarthost: smarthost() });
		await forward('one', ['a@far.example', li]);
		expect(sink.letters[0]?.text).toBe(
			'Received: from mx.outside.example ([192.0.2.1])\r\n\tby hongyan.example with ESMTP id ' +
				`${/id (\S+);/.exec(sink.letters[0]?.text ?? '')?.[1]};\r\n\tMon, 23 Nov 2026 09:00:00 +0000\r\n${letter('one')}`
		);
		expect((await office.mailbox(li))[0]?.raw).toBe(letter('one'));
	});

	it('[Q14] tries again after 4xx, with growing pauses, until it is taken', async () => {
		sink.answer = () => ({ code: 451, text: '4.7.1 later' });
		await open({ smarthost: smarthost() });
		await forward('one', ['a@far.example']);
		await office.advance(60_000 - 1);
		expect(sink.seen).toHaveLength(1);
		await office.advance(1);
		expect(sink.seen).toHaveLength(2);
		await office.advance(5 * 60_000 - 1);
		expect(sink.seen).toHaveLength(2);
		sink.answer = () => 'take';
		await office.advance(1);
		expect(sink.letters).toHaveLength(1);
		expect(await office.mailbox(li)).toEqual([]);
		expect(await counts()).toEqual({});
	});

	it('[Q14] keeps the schedule over a restart, and gives up after five days with the last reason', async () => {
		sink.answer = () => ({ code: 451, text: '4.7.1 greylisted' });
		await open({ smarthost: smarthost() });
		await forward('one', ['a@far.example']);
		await office.crash();
		for (let day = 0; day < 5; day += 1) {
			expect(await office.mailbox(li)).toEqual([]);
			for (let hour = 0; hour < 24; hour += 1) await office.advance(3_600_000);
		}
		expect(sink.seen.length).toBeGreaterThan(30);
		expect(office.clock.now()).toBe(Date.UTC(2026, 10, 23, 9) + triedFor);
		const [bounce] = await office.mailbox(li);
		expect(bounce?.raw).toContain('Diagnostic-Code: smtp; 451 4.7.1 greylisted');
		expect(await counts()).toEqual({});
	});

	it('[Q50] says once that the smarthost can not be reached, and once that it can be again', async () => {
		const gone = await SmtpSink.listen();
		let current = smarthostAt({ url: gone.url, name: 'mx.hongyan.example' });
		await gone.close();
		await open({
			smarthost: { hand: (handover) => current.hand(handover), abort: () => current.abort() }
		});
		const said = () => {
			const lines = office.logged.map((line) => JSON.parse(line) as { level: number; msg: string });
			return lines.filter(({ msg }) => msg.includes('smarthost'));
		};
		await forward('one', ['a@far.example']);
		await forward('two', ['b@far.example']);
		const cause: unknown = expect.stringContaining('ECONNREFUSED');
		expect(said()).toMatchObject([{ level: 40, cause }]);
		current = smarthost();
		await office.advance(60_000);
		expect(sink.letters).toHaveLength(2);
		expect(said().map(({ level }) => level)).toEqual([40, 30]);
	});

	it('[Q14] fails at once after 5xx', async () => {
		sink.answer = () => ({ code: 554, text: '5.6.0 spam' });
		await open({ smarthost: smarthost() });
		await forward('one', ['a@far.example']);
		expect((await office.mailbox(li))[0]?.raw).toContain('Status: 5.6.0');
	});

	it('[Q38] keeps nobody inside waiting for a smarthost that does not answer', async () => {
		const stuck = Promise.withResolvers<'take'>();
		sink.answer = () => stuck.promise;
		await open({ smarthost: smarthost() });
		for (let number = 0; number < 80; number += 1)
			await office.accept(letter(`${number}`), ['a@far.example'], li);
		await office.accept(letter('inside'), [li, 'b@far.example'], li);
		await expect.poll(() => office.mailbox(li)).toHaveLength(1);
		sink.answer = () => 'take';
		stuck.resolve('take');
		await office.queue.idle();
		expect(sink.letters).toHaveLength(81);
		expect(await counts()).toEqual({});
	});

	it('[Q18] refuses what is queued where no smarthost is configured any more', async () => {
		sink.answer = () => ({ code: 451, text: 'later' });
		await open({ smarthost: smarthost() });
		await forward('one', ['a@far.example']);
		await office.crash({ smarthost: null });
		await office.advance(60_000);
		expect((await office.mailbox(li))[0]?.raw).toContain('Diagnostic-Code: x-hongyan; no-route');
	});

	it('[Q16] tries a machine’s message again where no answer came, with identical bytes', async () => {
		sink.answer = () => 'vanish';
		await open({ smarthost: smarthost() });
		await forward('one', ['a@far.example']);
		sink.answer = () => 'take';
		await office.advance(60_000);
		expect(sink.seen.map(({ text }) => text)).toEqual([sink.letters[0]?.text, sink.letters[0]?.text]);
	});

	it('[Q15] [Q16] tries a machine’s message again after a crash with the last byte gone', async () => {
		const reached = Promise.withResolvers<null>();
		sink.answer = () => {
			reached.resolve(null);
			return new Promise(() => undefined);
		};
		await open({ smarthost: smarthost() });
		await office.accept(letter('one'), ['a@far.example'], li);
		await reached.promise;
		sink.answer = () => 'take';
		await office.crash({ smarthost: smarthost() });
		expect(sink.letters).toHaveLength(1);
	});
});

describe('bounces', () => {
	it('[Q19] go outside too, with the null sender', async () => {
		await open({ smarthost: smarthost() });
		await forward('one', ['nobody@hongyan.example'], 'far@outside.example');
		expect(sink.letters).toMatchObject([{ from: '', to: ['far@outside.example'] }]);
		expect(sink.letters[0]?.text).toMatch(/^From: .*mailer-daemon@hongyan.example/m);
		expect(sink.letters[0]?.text).not.toMatch(/^Received/);
	});

	it('[Q19] are never answered by another', async () => {
		await open();
		await forward('one', ['nobody@hongyan.example'], '');
		await forward('two', ['nobody@hongyan.example'], 'nobody-else@hongyan.example');
		expect([await office.mailbox(li), await office.mailbox(wang)]).toEqual([[], []]);
		expect(await counts()).toEqual({});
	});

	it('[Q19] are one for failures of one message that come together', async () => {
		await open();
		await forward('one', ['x@hongyan.example', 'y@hongyan.example']);
		const bounces = await office.mailbox(li);
		expect(bounces).toHaveLength(1);
		expect(bounces[0]?.raw.match(/Final-Recipient/g)).toHaveLength(2);
	});

	it('[Q19] that can not be written now are written when they can', async () => {
		await open();
		const { resolveRecipient } = office.directory;
		const recipients = [await office.recipient('x@hongyan.example')];
		office.directory.resolveRecipient = () => Promise.reject(new Error('the directory is gone'));
		const content = await office.queue.collect(pieces(Buffer.from(letter('one'))));
		const trace = { peer: '192.0.2.1', helo: '', protocol: 'ESMTP', by: 'mx' };
		await office.queue.accept({ sender: li, recipients, trace }, content);
		await office.queue.idle();
		expect(await counts()).toEqual({ queued: 1 });
		office.directory.resolveRecipient = resolveRecipient;
		await office.advance(5 * 60_000);
		expect(await office.mailbox(li)).toHaveLength(1);
		expect(await counts()).toEqual({});
	});

	it('[Q19] come exactly once, whatever crashes', async () => {
		await open();
		await forward('one', ['x@hongyan.example']);
		await office.crash();
		await office.crash();
		expect(await office.mailbox(li)).toHaveLength(1);
	});
});

describe('logs', () => {
	it('[Q37] hold no content, subject or address', async () => {
		await open({ smarthost: smarthost() });
		await forward('very secret subject', ['nobody@hongyan.example', 'a@far.example', li]);
		await office.crash();
		expect(office.logged.length).toBeGreaterThan(0);
		expect(office.logged.join('')).not.toMatch(/secret|Hello|@/);
	});
});
