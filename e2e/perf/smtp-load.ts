import { SmtpClient } from '../outside/smtp-client.ts';

/** A load of equal letters over SMTP. */
export interface Load {
	readonly port: number;
	readonly connections: number;
	readonly letters: number;
	readonly bytes: number;
	readonly recipients: readonly string[];
}

function letterOf(number: number, bytes: number): string {
	const head = `From: Load <load@outside.example>\r\nTo: <reader@hongyan.example>\r\nSubject: load ${number}\r\nMessage-ID: <load-${number}-${Date.now()}@outside.example>\r\nDate: ${new Date().toUTCString()}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n`;
	const line = '这一行是正文的一部分 and this is the rest of the line, again and again.\r\n';
	return head + line.repeat(Math.ceil((bytes - head.length) / Buffer.byteLength(line)));
}

async function sendAll(load: Load, next: () => number | undefined): Promise<void> {
	const smtp = await SmtpClient.open(load.port, 'EHLO load.example');
	for (let number = next(); number !== undefined; number = next()) {
		const recipient = load.recipients[number % load.recipients.length] ?? '';
		smtp.write(`MAIL FROM:<load@outside.example>\r\nRCPT TO:<${recipient}>\r\nDATA\r\n`);
		for (const wanted of ['250', '250', '354']) await smtp.expect(wanted);
		smtp.write(`${letterOf(number, load.bytes)}\r\n.\r\n`);
		await smtp.expect('250');
	}
	await smtp.say('QUIT');
	await smtp.drop();
}

/** Sends the load, envelope pipelined (RFC 2920); resolves when the last 250 has come. */
export async function runLoad(load: Load): Promise<void> {
	let sent = 0;
	const next = () => (sent < load.letters ? sent++ : undefined);
	await Promise.all(Array.from({ length: load.connections }, () => sendAll(load, next)));
}
