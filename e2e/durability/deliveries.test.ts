import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Chance } from '#schema/trial/chance.ts';
import { seedOfRun } from '#schema/trial/seed.ts';
import { openProtocolDevice } from '../lab/device.ts';
import { SmtpClient, SmtpFault } from '../outside/smtp-client.ts';
import { staffedServer } from '../lab/people.ts';
import type { LabServer } from '../lab/server.ts';

const password = 'a long enough password';
const people = Array.from({ length: 100 }, (_, index) => `reader${index}@hongyan.example`);

interface Letter {
	readonly marker: string;
	readonly recipients: readonly string[];
}

/** 2,000 letters: most to one person, some to five, twenty to everybody; in an order chance decides. */
function makeLetters(chance: Chance): Letter[] {
	return Array.from({ length: 2000 }, (_, number) => {
		const count = number < 20 ? 100 : number < 300 ? 5 : 1;
		const first = chance.below(people.length);
		const recipients = Array.from(
			{ length: count },
			(__, index) => people[(first + index) % people.length] ?? ''
		);
		return { marker: `letter-${number}`, recipients, rank: chance.next() };
	})
		.sort((left, right) => left.rank - right.rank)
		.map(({ marker, recipients }) => ({ marker, recipients }));
}

/** Sends letters over one SMTP connection until it breaks; calls back for every letter that got its 250. */
async function sendUntilBroken(
	port: number,
	next: () => Letter | undefined,
	acked: (letter: Letter) => void
) {
	const smtp = await SmtpClient.open(port).catch(onlyBroken);
	if (smtp === null) return;
	try {
		for (let letter = next(); letter !== undefined; letter = next()) {
			await smtp.deliver('sender@outside.example', letter.recipients, Buffer.from(textOf(letter.marker)));
			acked(letter);
		}
	} catch (fault) {
		onlyBroken(fault);
	} finally {
		await smtp.drop();
	}
}

/** A connection that the kill broke is what this test is about; any refusal is a failure. */
function onlyBroken(fault: unknown): null {
	if (fault instanceof SmtpFault && fault.reply === null) return null;
	throw fault;
}

function textOf(marker: string): string {
	const words = 'The same words again. '.repeat(20);
	return `From: sender@outside.example\r\nTo: everybody@hongyan.example\r\nSubject: ${marker}\r\nMessage-ID: <${marker}@outside.example>\r\n\r\n${words}\r\n`;
}

describe('deliveries through SIGKILL', () => {
	let server: LabServer;

	beforeAll(async () => {
		server = await staffedServer(people.map((address) => ({ name: address, address, password })));
		// A hundred passwords are made slow to guess; a busy machine takes its time.
	}, 240_000);

	afterAll(async () => {
		await server.dispose();
	});

	it('[Q1] every letter that got its 250 is with every recipient exactly once', async () => {
		const chance = new Chance(seedOfRun('deliveries'));
		const letters = makeLetters(chance);
		const acked = new Map<string, Letter>();
		let position = 0;
		let kills = 0;
		while (position < letters.length) {
			const stopAt = position + 100 + chance.below(300);
			const next = () => (position < Math.min(stopAt, letters.length) ? letters[position++] : undefined);
			const connections = Array.from({ length: 4 }, () =>
				sendUntilBroken(server.ports.smtp, next, (letter) => acked.set(letter.marker, letter))
			);
			await Promise.race([Promise.all(connections), Promise.any(connections)]);
			await server.stop('SIGKILL');
			kills += 1;
			await Promise.all(connections);
			await server.start();
		}
		expect(kills).toBeGreaterThan(4);
		expect(acked.size).toBeGreaterThan(1800);

		const received = await collect(server);
		const repeated = [...received].filter(([, count]) => count > 1).map(([key]) => key);
		const missing = [...expectedOf(acked)].filter((key) => !received.has(key));
		expect({ repeated, missing }).toEqual({ repeated: [], missing: [] });
	});
});

function expectedOf(acked: ReadonlyMap<string, Letter>): Set<string> {
	const keys = new Set<string>();
	for (const { marker, recipients } of acked.values()) {
		for (const recipient of recipients) keys.add(`${recipient} ${marker}`);
	}
	return keys;
}

/** How often each (recipient, letter) lies in a mailbox, once the queue has nothing left to deliver. */
async function collect(server: LabServer): Promise<Map<string, number>> {
	await server.untilQueueIsEmpty();
	const counts = new Map<string, number>();
	for (const person of people) {
		const device = await openProtocolDevice(server.address, person, password);
		for (const message of await device.messages()) {
			const key = `${person} ${message.summary.subject}`;
			counts.set(key, (counts.get(key) ?? 0) + 1);
		}
	}
	return counts;
}
