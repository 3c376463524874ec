import { afterEach, describe, expect, it } from 'vitest';
import nodemailer from 'nodemailer';
import { SmtpClient } from '../../e2e/outside/smtp-client.ts';
import { li, wang } from '../queue/trial/office.ts';
import { message, openOffice, type OpenOffice } from './trial/edges.ts';

let open: OpenOffice;
afterEach(() => open.close());

const port = () => open.edges.ports.lmtp;
const number = async (address: string) => (await open.inbox(address)).length;

/** Sends a message to these recipients; answers all replies after DATA, one for each RCPT that was taken. */
async function send(to: readonly string[], text = message): Promise<string[]> {
	const client = await SmtpClient.open(port(), 'LHLO front.example');
	await client.say('MAIL FROM:<far@outside.example>');
	let taken = 0;
	for (const address of to) if (/^250/.test(await client.say(`RCPT TO:<${address}>`))) taken += 1;
	await client.say('DATA');
	client.write(`${text}.\r\n`);
	const replies: string[] = [];
	for (let number = 0; number < taken; number += 1) replies.push(await client.reply());
	expect(await client.say('NOOP')).toMatch(/^250/);
	return replies;
}

describe('LMTP', () => {
	it('[Q34] gives one answer for each recipient that was taken', async () => {
		open = await openOffice();
		const replies = await send([li, 'nobody@hongyan.example', wang]);
		expect(replies).toHaveLength(2);
		expect(replies.every((reply) => /^250 2\.1\.5 Queued as [\w-]{22}$/.test(reply))).toBe(true);
		expect([await number(li), await number(wang)]).toEqual([1, 1]);
	});

	it('[Q34] answers each RCPT also where two of them are one mailbox', async () => {
		open = await openOffice();
		expect(await send([li, li, 'ming@hongyan.example'])).toHaveLength(3);
		expect(await number(li)).toBe(1);
	});

	it('[Q8] [Q34] takes 500 RCPT and no more, also of one address, and answers each of them', async () => {
		open = await openOffice();
		const replies = await send(Array<string>(510).fill(li));
		expect(replies).toHaveLength(500);
		expect(await number(li)).toBe(1);
	});

	it('[Q34] refuses for each recipient what it can not take', async () => {
		open = await openOffice({ messageBytes: 1000 });
		const replies = await send([li, wang], `${message}${'x'.repeat(2000)}\r\n`);
		expect(replies).toEqual(Array(2).fill('552 5.3.4 The message is too large'));
		expect(await number(li)).toBe(0);
	});

	it('[Q33] refuses loops by their length only, because the server in front writes Delivered-To', async () => {
		open = await openOffice();
		expect(await send([li], `Delivered-To: ${li}\r\n${message}`)).toEqual([expect.stringMatching(/^250/)]);
		expect(await send([li], `${'Received: x\r\n'.repeat(51)}${message}`)).toEqual([
			expect.stringMatching(/^554 5\.4\.6/)
		]);
		expect(await number(li)).toBe(1);
	});

	it('[Q34] is not SMTP, and takes no mail for elsewhere', async () => {
		open = await openOffice();
		const { client } = await SmtpClient.connect(port());
		expect(await client.say('EHLO client.example')).toMatch(/^500/);
		await client.say('LHLO front.example');
		await client.say('MAIL FROM:<>');
		expect(await client.say('RCPT TO:<a@far.example>')).toMatch(/^550 5\.7\.1/);
	});

	it('[Q34] speaks with a client of somebody else', async () => {
		open = await openOffice();
		const transport = nodemailer.createTransport({
			host: '127.0.0.1',
			port: port(),
			lmtp: true,
			ignoreTLS: true
		});
		const sent = await transport.sendMail({
			envelope: { from: 'far@outside.example', to: [li, 'nobody@hongyan.example', wang] },
			raw: message
		});
		expect([sent.accepted, sent.rejected]).toEqual([[li, wang], ['nobody@hongyan.example']]);
		expect([await number(li), await number(wang)]).toEqual([1, 1]);
	});
});
