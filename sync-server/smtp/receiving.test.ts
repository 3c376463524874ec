import { afterEach, describe, expect, it } from 'vitest';
import nodemailer from 'nodemailer';
import defaultCertificate from 'smtp-server/lib/tls-options.js';
import { SmtpClient } from '../../e2e/outside/smtp-client.ts';
import { li, wang } from '../queue/trial/office.ts';
import { StoreError } from '../store/store-error.ts';
import { message, openOffice, type OpenOffice } from './trial/edges.ts';

let open: OpenOffice;
afterEach(() => open.close());

const port = () => open.edges.ports.receiving;
const inbox = (address = li) => open.inbox(address);

describe('receiving mail', () => {
	it('[Q31] says who it is and what it can', async () => {
		open = await openOffice();
		const { client, greeting } = await SmtpClient.connect(port());
		expect(greeting).toBe('220 mx.hongyan.example ESMTP');
		const hello = await client.say('EHLO client.example');
		expect(hello.split('\r\n').map((line) => line.slice(4))).toEqual([
			expect.stringContaining('mx.hongyan.example'),
			'PIPELINING',
			'8BITMIME',
			'SMTPUTF8',
			'SIZE 50000000'
		]);
	});

	it('[Q1] [Q20] delivers what it took, byte for byte', async () => {
		open = await openOffice();
		const bytes = Buffer.concat([
			Buffer.from(`${message}.\r\n..two\r\n.\r\nlast, no dot ends it\r\n`),
			Buffer.from([0xe4, 0xbd, 0xa0, 0xff, 0x00, 0x0d, 0x0a])
		]);
		const client = await SmtpClient.open(port());
		expect(await client.send('far@outside.example', [li], bytes)).toMatch(
			/^250 2\.6\.0 Queued as [\w-]{22}$/
		);
		expect(await inbox()).toEqual([bytes.toString('latin1')]);
	});

	it('[Q2] delivers what is larger than 64 KB too', async () => {
		open = await openOffice();
		const large = `${message}${'0123456789abcdef\r\n'.repeat(40_000)}`;
		const client = await SmtpClient.open(port());
		expect(await client.send('far@outside.example', [li, wang], large)).toMatch(/^250/);
		expect((await inbox())[0] === large && (await inbox(wang))[0] === large).toBe(true);
	});

	it('[Q31] takes a whole transaction at once, and another behind it', async () => {
		open = await openOffice();
		const client = await SmtpClient.open(port());
		const transaction = `MAIL FROM:<far@outside.example>\r\nRCPT TO:<${li}>\r\nDATA\r\n`;
		client.write(transaction);
		const replies = [await client.reply(), await client.reply(), await client.reply()];
		client.write(`${message}.\r\n${transaction}`);
		for (let number = 0; number < 4; number += 1) replies.push(await client.reply());
		client.write(`${message}second\r\n.\r\nQUIT\r\n`);
		replies.push(await client.reply(), await client.reply());
		expect(replies.map((reply) => reply.slice(0, 3)).join(' ')).toBe('250 250 354 250 250 250 354 250 221');
		expect(await inbox()).toEqual([message, `${message}second\r\n`]);
	});

	it('[Q42] answers commands that came together in one piece', async () => {
		open = await openOffice();
		const client = await SmtpClient.open(port());
		client.write(`MAIL FROM:<far@outside.example>\r\nRCPT TO:<${li}>\r\nDATA\r\n`);
		expect(await client.piece()).toMatch(/^250 .*\r\n250 .*\r\n354 .*\r\n$/);
		client.write(`${message}.\r\nRCPT TO:<nobody@hongyan.example>\r\nQUIT\r\n`);
		expect([await client.reply(), await client.reply(), await client.reply()].join('\n')).toMatch(
			/^250 .*\n503 .*\n221 /
		);
	});

	it('[Q30] refuses who is not here, and what is not for here', async () => {
		open = await openOffice();
		const client = await SmtpClient.open(port());
		await client.say('MAIL FROM:<far@outside.example>');
		expect(await client.say('RCPT TO:<nobody@hongyan.example>')).toBe('550 5.1.1 No such recipient');
		expect(await client.say('RCPT TO:<a@far.example>')).toBe('550 5.7.1 Relaying is not permitted');
		expect(await client.say('RCPT TO:<hostmaster>')).toMatch(/^501/);
		expect(await client.say('DATA')).toMatch(/^503/);
		expect(await client.say(`RCPT TO:<${li.toUpperCase()}>`)).toMatch(/^250/);
	});

	it('[Q31] takes addresses in any script, and answers about them in one line', async () => {
		open = await openOffice();
		const client = await SmtpClient.open(port());
		expect(await client.say('MAIL FROM:<小明@远方.example> SMTPUTF8')).toMatch(/^250/);
		expect(await client.say('RCPT TO:<没有@hongyan.example>')).toBe('550 5.1.1 No such recipient');
		expect(await client.say(`RCPT TO:<${li}>`)).toMatch(/^250/);
	});

	it('[Q8] refuses what is too large, by what is said and by what comes, and goes on', async () => {
		open = await openOffice({ messageBytes: 100_000 });
		const client = await SmtpClient.open(port());
		expect(await client.say('MAIL FROM:<far@outside.example> SIZE=100001')).toMatch(/^552/);
		for (const size of [100_001, 300_000]) {
			expect(await client.send('far@outside.example', [li], 'x'.repeat(size - 2) + '\r\n')).toMatch(
				/^552 5\.3\.4/
			);
		}
		expect(await client.send('far@outside.example', [li], message)).toMatch(/^250/);
		expect(await inbox()).toEqual([message]);
	});

	it('[Q8] takes 100 recipients and no more', async () => {
		open = await openOffice();
		const client = await SmtpClient.open(port());
		await client.say('MAIL FROM:<far@outside.example>');
		const resolveRecipient = open.office.directory.resolveRecipient.bind(open.office.directory);
		open.office.directory.resolveRecipient = () => resolveRecipient(li);
		const replies: string[] = [];
		for (let number = 0; number < 101; number += 1) {
			replies.push((await client.say(`RCPT TO:<p${number}@hongyan.example>`)).slice(0, 3));
		}
		expect(replies).toEqual([...Array<string>(100).fill('250'), '452']);
	});

	it('[Q8] takes an address once, counts it each time, and stops to look at what is refused', async () => {
		open = await openOffice();
		const asked: number[] = [];
		const accept = open.office.queue.accept.bind(open.office.queue);
		open.office.queue.accept = (envelope, content) => {
			asked.push(envelope.recipients.length);
			return accept(envelope, content);
		};
		const { resolveRecipient } = open.office.directory;
		let looked = 0;
		open.office.directory.resolveRecipient = (address) => {
			looked += 1;
			return resolveRecipient.call(open.office.directory, address);
		};
		const client = await SmtpClient.open(port());
		await client.say('MAIL FROM:<far@outside.example>');
		const answers = async (address: string, times: number) => {
			client.write(`RCPT TO:<${address}>\r\n`.repeat(times));
			const replies: string[] = [];
			for (let number = 0; number < times; number += 1) replies.push((await client.reply()).slice(0, 3));
			return Object.fromEntries(
				[...new Set(replies)].map((code) => [code, replies.filter((other) => other === code).length])
			);
		};
		expect(await answers('Li@Hongyan.example', 1)).toEqual({ 250: 1 });
		expect(await answers(li, 120)).toEqual({ 250: 99, 452: 21 });
		expect(await client.say('DATA')).toMatch(/^354/);
		client.write(`${message}.\r\n`);
		expect(await client.reply()).toMatch(/^250/);
		expect(asked).toEqual([1]);
		await client.say('MAIL FROM:<far@outside.example>');
		looked = 0;
		expect(await answers('nobody@hongyan.example', 1200)).toEqual({ 550: 1000, 452: 200 });
		expect(looked).toBe(1000);
	});

	it('[Q33] refuses what goes round in circles', async () => {
		open = await openOffice();
		const client = await SmtpClient.open(port());
		const travelled = `${'Received: from somewhere\r\n'.repeat(51)}${message}`;
		expect(await client.send('far@outside.example', [li], travelled)).toMatch(/^554 5\.4\.6/);
		const delivered = `Delivered-To: ${li}\r\n${message}`;
		expect(await client.send('far@outside.example', [wang, li], delivered)).toMatch(/^554 5\.4\.6/);
		expect(await client.send('far@outside.example', [wang], delivered)).toMatch(/^250/);
		expect(await inbox()).toEqual([]);
	});

	it('[Q1] keeps nothing of a message whose client went away', async () => {
		open = await openOffice();
		for (const part of [message, 'x'.repeat(200_000)]) {
			const client = await SmtpClient.open(port());
			await client.say('MAIL FROM:<far@outside.example>');
			await client.say(`RCPT TO:<${li}>`);
			await client.say('DATA');
			client.write(part);
			await client.drop();
		}
		const client = await SmtpClient.open(port());
		await client.send('far@outside.example', [li], message);
		expect(await inbox()).toEqual([message]);
	});

	it('[Q7] answers 452 while the disk is full, and takes mail again when it is not', async () => {
		open = await openOffice({ queuePages: 60 });
		await open.office.queue.stop(0);
		const client = await SmtpClient.open(port());
		const replies: string[] = [];
		for (let number = 0; number < 20; number += 1) {
			replies.push(await client.send('far@outside.example', [li], `${message}${'x'.repeat(20_000)}\r\n`));
		}
		const taken = replies.filter((reply) => reply.startsWith('250')).length;
		expect(taken).toBeGreaterThan(0);
		expect(new Set(replies.slice(taken))).toEqual(
			new Set(['452 4.3.1 There is no room for the message now'])
		);
		await open.office.queue.start();
		expect(await inbox()).toHaveLength(taken);
		expect(await client.send('far@outside.example', [li], message)).toMatch(/^250/);
	});
});

describe('repeats at the edge', () => {
	const send = async () => {
		const client = await SmtpClient.open(port());
		expect(await client.send('far@outside.example', [li], message)).toMatch(/^250/);
		return client;
	};
	/** The server sees a connection end before it answers on another that began later. */
	const settled = async () => (await SmtpClient.open(port())).say('QUIT');

	it('[Q4] are dropped after a connection that broke with no further command', async () => {
		open = await openOffice();
		await (await send()).drop();
		await settled();
		await send();
		expect(await inbox()).toHaveLength(1);
	});

	it.each(['QUIT', 'RSET', 'NOOP', 'MAIL FROM:<>'])('[Q4] are delivered after %s', async (command) => {
		open = await openOffice();
		const client = await send();
		await client.say(command);
		await client.drop();
		await settled();
		await send();
		expect(await inbox()).toHaveLength(2);
	});
});

describe('STARTTLS', () => {
	const { key, cert } = defaultCertificate({}) as { readonly key: string; readonly cert: string };

	it('[Q31] is offered where a certificate is configured, and mail comes over it', async () => {
		open = await openOffice({}, { tls: { certificate: cert, key } });
		const client = await SmtpClient.open(port());
		expect(await client.say('EHLO client.example')).toContain('STARTTLS');
		const transport = nodemailer.createTransport({
			host: '127.0.0.1',
			port: port(),
			requireTLS: true,
			tls: { rejectUnauthorized: false }
		});
		await transport.sendMail({ envelope: { from: 'far@outside.example', to: [li] }, raw: message });
		expect(await inbox()).toEqual([message]);
	});
});

describe('limits of an address', () => {
	const limits = { connections: 2, connectionsPerMinute: 4, messagesPerMinute: 3 };
	const bounded = () => openOffice({}, { addressLimits: limits, isLocal: () => false });

	it('[Q32] bound connections at once, and give back what ended', async () => {
		open = await bounded();
		const first = await SmtpClient.open(port());
		await SmtpClient.open(port());
		expect((await SmtpClient.connect(port())).greeting).toMatch(/^421 4\.7\.0/);
		await first.say('QUIT');
		await first.drop();
		expect((await SmtpClient.connect(port())).greeting).toMatch(/^220/);
	});

	it('[Q32] bound new connections in a minute', async () => {
		open = await bounded();
		for (let number = 0; number < 4; number += 1) {
			const client = await SmtpClient.open(port());
			await client.say('QUIT');
			await client.drop();
		}
		expect((await SmtpClient.connect(port())).greeting).toMatch(/^421/);
		open.office.clock.advance(15_000);
		expect((await SmtpClient.connect(port())).greeting).toMatch(/^220/);
	});

	it('[Q32] bound messages in a minute', async () => {
		open = await bounded();
		const client = await SmtpClient.open(port());
		const replies: string[] = [];
		for (let number = 0; number < 4; number += 1) {
			replies.push((await client.send('far@outside.example', [li], `${message}${number}\r\n`)).slice(0, 9));
		}
		expect(replies).toEqual(['250 2.6.0', '250 2.6.0', '250 2.6.0', '451 4.7.1']);
	});

	it('[Q32] do not bound this machine', async () => {
		open = await openOffice({}, { addressLimits: limits });
		const client = await SmtpClient.open(port());
		for (let number = 0; number < 6; number += 1) {
			expect(await client.send('far@outside.example', [li], `${message}${number}\r\n`)).toMatch(/^250/);
		}
	});
});

describe('going away', () => {
	it('[Q36] tells who is idle, and still answers who is sending', async () => {
		open = await openOffice();
		const idle = await SmtpClient.open(port());
		const sending = await SmtpClient.open(port());
		await sending.say('MAIL FROM:<far@outside.example>');
		await sending.say(`RCPT TO:<${li}>`);
		await sending.say('DATA');
		sending.write(message);
		const closed = open.edges.close();
		expect(await idle.reply()).toMatch(/^421 4\.3\.2/);
		sending.write('.\r\n');
		expect(await sending.reply()).toMatch(/^250/);
		expect(await sending.say('NOOP')).toMatch(/^421/);
		await closed;
		expect(await inbox()).toEqual([message]);
	});
});

describe('logs of the edges', () => {
	const failing = () => {
		const error = Object.assign(new TypeError(`no <${li}>, Hello\n at all`), { code: 'E_ODD' });
		open.office.queue.accept = () => Promise.reject(error);
	};
	const errors = () => open.logged.filter((line) => line.includes('"level":50'));

	it.each(['receiving', 'lmtp'] as const)(
		'[Q47] name a fault of the server, and no word of it (%s)',
		async (edge) => {
			open = await openOffice();
			failing();
			const client = await SmtpClient.open(open.edges.ports[edge], edge === 'lmtp' ? 'LHLO x' : 'EHLO x');
			expect(await client.send('far@outside.example', [li], message)).toMatch(/^451 4\.3\.0/);
			expect(errors()).toHaveLength(1);
			expect(JSON.parse(errors()[0] ?? '')).toMatchObject({
				edge,
				reply: 451,
				error: 'TypeError',
				code: 'E_ODD',
				stack: expect.stringMatching(/^ +at .*receiving\.test\.ts/) as string
			});
			expect(errors()[0]).not.toMatch(/li@|Hello|at all/);
		}
	);

	it('[Q47] name a fault at RCPT', async () => {
		open = await openOffice({ messageBytes: 1000 });
		open.office.directory.resolveRecipient = () => Promise.reject(new StoreError('broken', 'x'));
		const client = await SmtpClient.open(port());
		await client.say('MAIL FROM:<far@outside.example>');
		expect(await client.say(`RCPT TO:<${li}>`)).toMatch(/^451/);
		expect(JSON.parse(errors()[0] ?? '')).toMatchObject({ error: 'StoreError', code: 'broken' });
	});

	it('[Q47] name no fault where there is no room, or the client hangs up', async () => {
		open = await openOffice({ messageBytes: 1000 });
		const client = await SmtpClient.open(port());
		expect(await client.send('far@outside.example', [li], `${'x'.repeat(2000)}\r\n`)).toMatch(/^552/);
		await client.say('MAIL FROM:<far@outside.example>');
		await client.say(`RCPT TO:<${li}>`);
		await client.say('DATA');
		client.write('half of it');
		await client.drop();
		await inbox();
		expect(errors()).toEqual([]);
	});

	it('[Q37] hold nothing of what was said', async () => {
		open = await openOffice();
		const client = await SmtpClient.open(port());
		await client.send('far@outside.example', [li], message);
		await client.drop();
		await inbox();
		expect([...open.logged, ...open.office.logged].join('')).not.toMatch(/@|Hello|News/);
	});
});
