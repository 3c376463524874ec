import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedOfRun } from '#schema/trial/seed.ts';
import { SmtpClient, stuffed } from '../../e2e/outside/smtp-client.ts';
import { li } from '../queue/trial/office.ts';
import { openOffice, type OpenOffice } from './trial/edges.ts';

const seed = seedOfRun('receiving');

let open: OpenOffice;
beforeAll(async () => {
	open = await openOffice();
});
afterAll(() => open.close());

/** Pieces of messages that have tripped receivers before: dots, bare line ends, ends of DATA that are none. */
const piece = fc.oneof(
	fc.constantFrom(
		'.',
		'..',
		'\r\n',
		'\r\n.\r',
		'\r\n..\r\n',
		'\r',
		'\n',
		'\n.\r\n',
		'\0',
		'\xff',
		'Received: x\r\n'
	),
	fc.string({ unit: 'binary-ascii', maxLength: 40 })
);

describe('what is received, however it is cut', () => {
	it(`[Q20] is stored byte for byte (HONGYAN_SEED=${seed})`, async () => {
		const client = await SmtpClient.open(open.edges.ports.receiving);
		let stored = 0;
		await fc.assert(
			fc.asyncProperty(
				fc.array(piece, { maxLength: 30 }),
				fc.array(fc.nat(60), { maxLength: 20 }),
				async (pieces, cuts) => {
					// Only CRLF ends a line in SMTP; dots after other line ends are not stuffed by this client.
					const message = `${pieces.join('').replace(/(^|\n)\.(?=\.)/g, '$1')}\r\n`;
					if (/(^|[^\r])\n\.\./.test(message)) return;
					await client.say('MAIL FROM:<far@outside.example>');
					await client.say(`RCPT TO:<${li}>`);
					await client.say('DATA');
					const wire = Buffer.concat([stuffed(Buffer.from(message, 'latin1')), Buffer.from('.\r\n')]);
					let start = 0;
					for (const cut of cuts) {
						client.write(wire.subarray(start, start + cut));
						start += cut;
						await new Promise(setImmediate);
					}
					client.write(wire.subarray(start));
					expect(await client.reply()).toMatch(/^250/);
					const inbox = await open.inbox(li);
					stored += 1;
					expect(inbox).toHaveLength(stored);
					expect(inbox.at(-1)).toBe(message);
				}
			),
			{ seed, numRuns: 100 }
		);
	});
});
