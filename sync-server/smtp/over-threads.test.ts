import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SpaceId } from '#schema/ids.ts';
import { SmtpClient } from '../../e2e/outside/smtp-client.ts';
import { createDirectory, type Directory } from '../accounts/directory.ts';
import { createParserPool, type ParserPool } from '../mail/parser-pool.ts';
import { systemClock } from '../queue/clock.ts';
import { noCounters } from '../queue/counters.ts';
import { createQueue, type Queue } from '../queue/queue.ts';
import { fileBlobs } from '../store/blobs/file-blobs.ts';
import type { SpaceKind } from '../store/space/kind.ts';
import { spacePath } from '../store/space/path.ts';
import { openStore, type Store } from '../store/store.ts';
import { addressLimits } from './conversations.ts';
import { noEdgeCounters } from './counters.ts';
import { startSmtpEdges, type SmtpEdges } from './edges.ts';

/** Everything as in the running server: writer threads, parser threads, sockets, the system's clock. */

const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
const people = ['a@hongyan.example', 'b@hongyan.example', 'c@hongyan.example'];
const spaces = new Map<string, SpaceId>();
const folder = mkdtempSync(path.join(tmpdir(), 'hongyan-threads-'));

let store: Store;
let directory: Directory;
let parser: ParserPool;
let queue: Queue;
let edges: SmtpEdges;

async function addPerson(address: string): Promise<void> {
	const person = { name: address, department: null, title: '', password: 'x' };
	await directory.addPerson({ ...person, identities: [{ name: '', address }] }, async (made) => {
		const { space, principal, organisation } = made;
		spaces.set(address, space);
		const file = store.file<SpaceKind>('space', spacePath(space));
		await file.call('create', { space, principal, organisation: organisation.id, spaceKind: 'mailbox' });
	});
}

beforeAll(async () => {
	store = openStore({ directory: folder, writer: new URL('../writer.ts', import.meta.url), threads: 2 });
	directory = createDirectory(store, { clock: Date.now, random, cost: { memory: 64, passes: 1, lanes: 1 } });
	const organisation = await directory.found('鸿雁', ['hongyan.example']);
	for (const address of people) await addPerson(address);
	parser = createParserPool({ workers: 2 });
	const logger = pino({ level: 'silent' });
	const common = { name: 'mx.hongyan.example', domain: 'hongyan.example', directory, logger };
	queue = createQueue({
		...common,
		store,
		parser,
		blobs: fileBlobs({ directory: path.join(folder, 'blobs'), clock: Date.now }),
		smarthost: null,
		organisation: organisation.id,
		limits: { messageBytes: 50_000_000, undoFor: 10_000, gatherFor: 10 },
		clock: systemClock,
		random,
		counters: noCounters
	});
	await queue.start();
	edges = await startSmtpEdges({
		...common,
		queue,
		tls: null,
		maxBytes: 50_000_000,
		addressLimits,
		now: Date.now,
		counters: noEdgeCounters,
		host: '127.0.0.1',
		ports: { receiving: 0, submission: 0, lmtp: 0 }
	});
});

afterAll(async () => {
	await edges.close();
	await queue.stop(1000);
	await parser.close();
	await store.close();
	rmSync(folder, { recursive: true });
});

async function subjectsOf(address: string): Promise<string[]> {
	const space = spaces.get(address);
	if (space === undefined) throw new Error(`${address} has no space`);
	const file = store.file<SpaceKind>('space', spacePath(space));
	const pack = await file.call('pack', { before: 10_000, count: 500 });
	return pack === 'done' ? [] : pack.messages.map(({ summary }) => summary.subject);
}

describe('mail through threads and sockets', () => {
	it('[Q1] [Q9] reaches everybody once, from many connections at once', async () => {
		const letter = (name: string) =>
			`From: far@outside.example\r\nSubject: ${name}\r\n\r\n${'word '.repeat(2000)}\r\n`;
		const sent = new Map(people.map((address) => [address, [] as string[]]));
		const connection = async (number: number) => {
			const client = await SmtpClient.open(edges.ports.receiving);
			for (let index = 0; index < 60; index += 1) {
				const name = `letter ${number}-${index}`;
				const to = people.filter((_, position) => (index + position) % 3 !== 0);
				expect(await client.send('far@outside.example', to, letter(name))).toMatch(/^250/);
				for (const address of to) sent.get(address)?.push(name);
			}
			await client.say('QUIT');
		};
		await Promise.all([1, 2, 3, 4].map(connection));
		await queue.idle();
		for (const [address, names] of sent) expect((await subjectsOf(address)).sort()).toEqual(names.sort());
		expect(await queue.counts()).toEqual({});
	});

	it('[Q2] takes a message of many megabytes', async () => {
		const client = await SmtpClient.open(edges.ports.receiving);
		const large = `Subject: large\r\n\r\n${'0123456789abcdef'.repeat(60).concat('\r\n').repeat(20_000)}`;
		expect(await client.send('far@outside.example', people, large)).toMatch(/^250/);
		await queue.idle();
		for (const address of people) expect(await subjectsOf(address)).toContain('large');
	});
});
