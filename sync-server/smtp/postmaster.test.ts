import { afterEach, describe, expect, it } from 'vitest';
import { SmtpClient } from '../../e2e/outside/smtp-client.ts';
import { li, wang } from '../queue/trial/office.ts';
import { message, openOffice, type OpenOffice } from './trial/edges.ts';

let open: OpenOffice;
afterEach(() => open.close());

const port = () => open.edges.ports.receiving;
const inbox = (address: string) => open.inbox(address);

describe('postmaster', () => {
	it.each(['postmaster', 'PostMaster', 'postmaster@hongyan.example', 'POSTMASTER@Hongyan.Example'])(
		'[Q41] takes mail to %s, which is the first account’s where nobody is called so',
		async (address) => {
			open = await openOffice();
			const client = await SmtpClient.open(port());
			expect(await client.send('', [address], message)).toMatch(/^250/);
			expect([await inbox(li), await inbox(wang)]).toEqual([[message], []]);
		}
	);

	it('[Q41] delivers postmaster’s mail to the account that is named', async () => {
		open = await openOffice({ postmaster: wang });
		const client = await SmtpClient.open(port());
		expect(await client.send('far@outside.example', ['postmaster', li], message)).toMatch(/^250/);
		expect([await inbox(li), await inbox(wang)]).toEqual([[message], [message]]);
	});

	it('[Q41] takes mail to no other domain’s postmaster', async () => {
		open = await openOffice();
		const client = await SmtpClient.open(port());
		await client.say('MAIL FROM:<far@outside.example>');
		expect(await client.say('RCPT TO:<postmaster@far.example>')).toMatch(/^550 5\.7\.1/);
	});

	it('[Q41] gets what a mail server in front delivers', async () => {
		open = await openOffice();
		const client = await SmtpClient.open(open.edges.ports.lmtp, 'LHLO front.example');
		expect(await client.send('far@outside.example', ['Postmaster'], message)).toMatch(/^250 2\.1\.5/);
		expect(await inbox(li)).toEqual([message]);
	});

	it('[Q41] gets bounces that a machine of ours sends there', async () => {
		open = await openOffice();
		await open.office.accept(message, ['nobody@hongyan.example'], 'postmaster@hongyan.example');
		expect((await inbox(li))[0]).toContain('Final-Recipient: rfc822; nobody@hongyan.example');
	});
});
