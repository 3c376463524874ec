import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import nodemailer from 'nodemailer';
import defaultCertificate from 'smtp-server/lib/tls-options.js';
import { SmtpClient } from '../../e2e/outside/smtp-client.ts';
import { SmtpSink } from '../../e2e/outside/smtp-sink.ts';
import { smarthostAt } from '../queue/smarthost.ts';
import { statesOf } from '../queue/trial/letters.ts';
import { li, password, wang } from '../queue/trial/office.ts';
import { openOffice, type OpenOffice } from './trial/edges.ts';

let open: OpenOffice;
let sink: SmtpSink;
beforeEach(async () => {
	sink = await SmtpSink.listen();
});
afterEach(async () => {
	await open.close();
	await sink.close();
});

const port = () => open.edges.ports.submission;
const smarthost = () => smarthostAt({ url: sink.url, name: 'mx.hongyan.example' });
const plain = (user: string, secret: string) => Buffer.from(`\0${user}\0${secret}`).toString('base64');
const message = (from = li) =>
	`From: ${from}\r\nTo: ${wang}\r\nSubject: Raw\r\nMessage-ID: <r1@laptop>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\n\r\nHello\r\n`;

async function signedIn(): Promise<SmtpClient> {
	const client = await SmtpClient.open(port());
	expect(await client.say(`AUTH PLAIN ${plain(li, password)}`)).toMatch(/^235/);
	return client;
}

async function idle(): Promise<void> {
	await open.office.queue.idle();
}

describe('submission from a mail program', () => {
	it('[Q29] goes inside and outside at once, with a copy in Sent, and its sender sees what became of it', async () => {
		open = await openOffice({ smarthost: smarthost() });
		const client = await signedIn();
		expect(await client.send(li, [wang, 'a@far.example'], message())).toMatch(/^250 2\.6\.0/);
		await idle();
		expect((await open.office.mailbox(wang)).map(({ raw }) => raw)).toEqual([message()]);
		expect((await open.office.mailbox(li, 'sent')).map(({ raw }) => raw)).toEqual([message()]);
		expect(sink.letters[0]?.to).toEqual(['a@far.example']);
		expect(sink.letters[0]?.text).toMatch(
			/^Received: from client\.example \(\[127\.0\.0\.1\]\)\r\n\tby mx\.hongyan\.example with ESMTPA/
		);
		expect(sink.letters[0]?.text.endsWith(message())).toBe(true);
		expect(await statesOf(open.office)).toEqual({
			[`Raw ${wang}`]: 'delivered',
			'Raw a@far.example': 'delivered'
		});
	});

	it('[Q29] gets what is missing and loses Bcc, however large it is', async () => {
		open = await openOffice({ smarthost: smarthost() });
		const client = await signedIn();
		const body = 'x'.repeat(70).concat('\r\n').repeat(3000);
		const given = `From: ${li}\r\nBcc: a@far.example\r\nSubject: Raw\r\n\r\n${body}`;
		expect(await client.send(li, ['a@far.example'], given)).toMatch(/^250/);
		await idle();
		const raw = sink.letters[0]?.text ?? '';
		expect(raw).toMatch(
			/\r\nMessage-ID: <[\w-]{22}@hongyan\.example>\r\nDate: .*\r\nFrom: li@hongyan\.example\r\nSubject: Raw\r\n\r\nx/
		);
		expect(raw.endsWith(body)).toBe(true);
	});

	it('[Q30] [Q35] does nothing for who did not authenticate', async () => {
		open = await openOffice({ smarthost: smarthost() });
		const client = await SmtpClient.open(port());
		expect(await client.say(`MAIL FROM:<${li}>`)).toMatch(/^530/);
		expect(await client.say(`AUTH PLAIN ${plain(li, 'wrong')}`)).toBe(
			'535 5.7.8 Authentication credentials are invalid'
		);
		expect(await client.say(`AUTH PLAIN ${plain('nobody@hongyan.example', 'wrong')}`)).toBe(
			'535 5.7.8 Authentication credentials are invalid'
		);
		expect(await client.say(`MAIL FROM:<${li}>`)).toMatch(/^530/);
	});

	it('[Q27] sends only as an identity of the account', async () => {
		open = await openOffice({ smarthost: smarthost() });
		const client = await signedIn();
		expect(await client.say(`MAIL FROM:<${wang}>`)).toMatch(/^550 5\.7\.1/);
		expect(await client.say('MAIL FROM:<>')).toMatch(/^550 5\.7\.1/);
		for (const from of [wang, `${li}, ${wang}`, '']) {
			expect(await client.send(li, [wang], message(from))).toMatch(/^550 5\.7\.1/);
		}
		expect(await client.send('ming@hongyan.example', [wang], message('Ming <MING@hongyan.example>'))).toMatch(
			/^250/
		);
		await idle();
		expect(await open.office.mailbox(wang)).toHaveLength(1);
		expect(await open.office.mailbox(li, 'sent')).toHaveLength(1);
	});

	it('[Q18] refuses recipients outside at once where nothing leads there', async () => {
		open = await openOffice();
		const client = await signedIn();
		await client.say(`MAIL FROM:<${li}>`);
		expect(await client.say('RCPT TO:<a@far.example>')).toBe(
			'550 5.4.4 No route to the outside is configured'
		);
		expect(await client.say(`RCPT TO:<${wang}>`)).toMatch(/^250/);
	});

	it('[Q4] drops what a program sends again after its connection broke, and sends on what it repeats otherwise', async () => {
		open = await openOffice({ smarthost: smarthost() });
		const first = await signedIn();
		await first.send(li, [wang], message());
		await first.drop();
		const second = await signedIn();
		expect(await second.send(li, [wang], message())).toMatch(/^250/);
		await idle();
		expect(await open.office.mailbox(wang)).toHaveLength(1);
		expect(await open.office.mailbox(li, 'sent')).toHaveLength(1);
		await second.send(li, [wang], message());
		await idle();
		expect(await open.office.mailbox(wang)).toHaveLength(2);
	});
});

describe('authentication', () => {
	const { key, cert } = defaultCertificate({}) as { readonly key: string; readonly cert: string };
	const hello = async () => (await SmtpClient.open(port())).say('EHLO client.example');

	it('[Q35] is offered on loopback', async () => {
		open = await openOffice();
		expect(await hello()).toContain('AUTH PLAIN LOGIN');
	});

	it('[Q35] is not offered, nor taken, where others could listen', async () => {
		open = await openOffice({}, { isLocal: () => false });
		const client = await SmtpClient.open(port());
		expect(await client.say('EHLO client.example')).not.toContain('AUTH');
		expect(await client.say(`AUTH PLAIN ${plain(li, password)}`)).toMatch(/^500/);
		expect(await client.say(`MAIL FROM:<${li}>`)).toMatch(/^530 5\.7\.0/);
	});

	it('[Q35] comes with TLS, by PLAIN and LOGIN', async () => {
		open = await openOffice({}, { isLocal: () => false, tls: { certificate: cert, key } });
		expect(await hello()).not.toContain('AUTH');
		for (const authMethod of ['PLAIN', 'LOGIN']) {
			const transport = nodemailer.createTransport({
				host: '127.0.0.1',
				port: port(),
				requireTLS: true,
				tls: { rejectUnauthorized: false },
				authMethod,
				auth: { user: li, pass: password }
			});
			await transport.sendMail({ envelope: { from: li, to: [wang] }, raw: `${message()}${authMethod}\r\n` });
		}
		await idle();
		expect(await open.office.mailbox(wang)).toHaveLength(2);
	});

	it('[Q37] leaves no password in the logs', async () => {
		open = await openOffice();
		const client = await signedIn();
		await client.send(li, [wang], message());
		await idle();
		const logs = [...open.logged, ...open.office.logged].join('');
		expect(logs).not.toMatch(/right password|@|Hello|Raw/);
		expect(logs).not.toContain(plain(li, password));
	});
});
