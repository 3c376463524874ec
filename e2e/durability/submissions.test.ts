import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId, type SubmissionId } from '#schema/ids.ts';
import { submissionIdOf } from '#schema/mail/submission.ts';
import { Chance } from '#schema/trial/chance.ts';
import { seedOfRun } from '#schema/trial/seed.ts';
import { openProtocolDevice, type ProtocolDevice } from '../lab/device.ts';
import { staffedServer } from '../lab/people.ts';
import type { LabServer } from '../lab/server.ts';
import { until } from '../lab/until.ts';
import { SmtpSink } from '../outside/smtp-sink.ts';

const password = 'a long enough password';
const sender = 'writer@hongyan.example';
const total = 500;

async function submit(device: ProtocolDevice, number: number): Promise<SubmissionId> {
	const document = newId<'document'>();
	const submission = submissionIdOf(document, 1);
	const result = await device.command({
		name: 'submit',
		submission,
		document,
		generation: 1,
		letter: {
			from: { name: 'Writer', address: sender },
			to: [{ name: '', address: `outside${number}@elsewhere.example` }],
			cc: [],
			bcc: [],
			subject: `submission ${number}`,
			html: '<p>Hello</p>',
			inReplyTo: null,
			references: [],
			attachments: [],
			date: Date.now()
		}
	});
	if (result.kind !== 'submitted') throw new Error(`submission ${number}: ${JSON.stringify(result)}`);
	return submission;
}

/** The last state of every submission's only recipient, once the queue keeps none but those of unknown fate. */
function finalStates(server: LabServer, device: ProtocolDevice): Promise<Map<SubmissionId, string>> {
	return until('every delivery to be final', 90_000, async () => {
		const depth = await server.queueDepth();
		const { deliveries } = await device.opening();
		const states = new Map(deliveries.map(({ submission, state }) => [submission, state]));
		const unknown = [...states.values()].filter((state) => state === 'unknown').length;
		return depth === unknown ? states : undefined;
	});
}

describe('submissions through SIGKILL', () => {
	let server: LabServer;
	let sink: SmtpSink;

	beforeAll(async () => {
		sink = await SmtpSink.listen();
		server = await staffedServer([{ name: 'Reader', address: sender, password }], {
			smarthost: sink.url.href,
			environment: { HONGYAN_UNDO_SECONDS: '0' }
		});
	});

	afterAll(async () => {
		await server.dispose();
		await sink.close();
	});

	it('[Q2] every accepted submission goes out exactly once or is said to be unknown', async () => {
		const chance = new Chance(seedOfRun('submissions'));
		const device = await openProtocolDevice(server.address, sender, password);
		const subjects = new Map<SubmissionId, string>();
		let next = 0;
		let kills = 0;
		while (next < total) {
			const stopAt = Math.min(total, next + 20 + chance.below(60));
			const writers = Array.from({ length: 4 }, async () => {
				while (next < stopAt) {
					const number = next++;
					subjects.set(await submit(device, number), `submission ${number}`);
				}
			});
			// The commands that wait for an answer go on over the next connection, with the same ids.
			await Promise.race(writers);
			await server.restart('SIGKILL');
			kills += 1;
			await Promise.all(writers);
		}
		expect(kills).toBeGreaterThan(5);

		const states = await finalStates(server, device);
		const arrived = new Map<string, number>();
		for (const { text } of sink.letters) {
			const subject = /^Subject: (.*)$/m.exec(text)?.[1]?.trim() ?? '';
			arrived.set(subject, (arrived.get(subject) ?? 0) + 1);
		}
		const wrong = [...subjects].filter(([submission, subject]) => {
			const count = arrived.get(subject) ?? 0;
			return states.get(submission) === 'unknown' ? count > 1 : count !== 1;
		});
		const summary = wrong.map(
			([id, subject]) => `${subject}: ${states.get(id)}, ${arrived.get(subject) ?? 0} times`
		);
		expect(summary).toEqual([]);
		expect(subjects.size).toBe(total);
		console.log(
			`submissions: ${kills} kills, ${[...states.values()].filter((state) => state === 'unknown').length} unknown`
		);
	});
});
