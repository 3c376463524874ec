import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createTransport } from 'nodemailer';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { MessageFact } from '#schema/mail/message.ts';
import { submissionIdOf } from '#schema/mail/submission.ts';
import { newId, type DocumentId, type SpaceId } from '#schema/ids.ts';
import { decodeFrame, encodeFrame, type FrameKind } from '#schema/protocol/frames.ts';
import type { CommandBody, CommandResult, ServerFrames } from '#schema/protocol/messages.ts';
import { readConfiguration } from './config.ts';
import { demonstrationPassword } from './demo/people.ts';
import { startServer, type RunningServer } from './server.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'hongyan-server-'));
const data = path.join(folder, 'data');
let server: RunningServer;
let url: string;

function configuration(more: Record<string, string> = {}) {
	const ports = ['HTTP', 'SMTP', 'SUBMISSION', 'LMTP'].map((name) => [`HONGYAN_${name}_PORT`, '0']);
	const environment = {
		HONGYAN_DATA: data,
		HONGYAN_DEMO: 'true',
		HONGYAN_UNDO_SECONDS: '0',
		HONGYAN_LOG_LEVEL: 'silent',
		...(Object.fromEntries(ports) as Record<string, string>),
		...more
	};
	return readConfiguration({ environment, directory: folder });
}

async function start(more?: Record<string, string>): Promise<void> {
	server = await startServer(configuration(more), (error) => {
		throw error;
	});
	url = `http://127.0.0.1:${server.ports.http}`;
}

/** A signed-in device over a real WebSocket. */
class Device {
	readonly #socket: WebSocket;
	readonly #received: { kind: string; payload: unknown }[] = [];
	#heard: (() => void)[] = [];
	readonly closed: Promise<number>;
	readonly space: SpaceId;
	readonly cookie: string;

	private constructor(socket: WebSocket, space: SpaceId, cookie: string) {
		this.#socket = socket;
		this.space = space;
		this.cookie = cookie;
		this.closed = once(socket, 'close').then(([code]) => code as number);
		socket.on('message', (bytes: Buffer) => {
			const frame = decodeFrame(new Uint8Array(bytes));
			if (frame !== null && frame.kind !== 'live') this.#received.push(frame);
			for (const tell of this.#heard.splice(0)) tell();
		});
	}

	static async of(name: string): Promise<Device> {
		const response = await fetch(`${url}/api/session`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', origin: url },
			body: JSON.stringify({
				address: `${name}@hongyan.example`,
				password: demonstrationPassword,
				publicComputer: false
			})
		});
		const cookie = response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
		const { space } = (await response.json()) as { space: SpaceId };
		const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { headers: { cookie, origin: url } });
		await once(socket, 'open');
		const device = new Device(socket, space, cookie);
		device.send('hello', { versions: { lowest: 1, highest: 1 }, device: newId() });
		const { spaces } = await device.receive('welcome', () => true);
		device.send('follow', { space, cursor: spaces[0]?.head });
		return device;
	}

	send(kind: FrameKind, payload: unknown): void {
		this.#socket.send(encodeFrame(kind, payload));
	}

	/** The first frame of a kind that fits, now or when it comes. */
	async receive<Kind extends keyof ServerFrames>(
		kind: Kind,
		fits: (frame: ServerFrames[Kind]) => boolean
	): Promise<ServerFrames[Kind]> {
		for (;;) {
			const found = this.#received.find(
				(frame) => frame.kind === kind && fits(frame.payload as ServerFrames[Kind])
			);
			if (found !== undefined) return found.payload as ServerFrames[Kind];
			await new Promise<void>((resolve) => this.#heard.push(resolve));
		}
	}

	/** The message with that subject, as the log tells of it. */
	async arrival(subject: string, mailbox = 'inbox'): Promise<MessageFact> {
		const found = () =>
			this.arrived.find((fact) => fact.summary.subject === subject && fact.mailbox === mailbox);
		await this.receive('entries', () => found() !== undefined);
		return found() as MessageFact;
	}

	get arrived(): MessageFact[] {
		return this.#received.flatMap(({ kind, payload }) =>
			kind !== 'entries'
				? []
				: (payload as ServerFrames['entries']).entries.flatMap(({ changes }) =>
						changes.flatMap((change) => (change.kind === 'arrived' ? [change.message] : []))
					)
		);
	}

	async command(body: CommandBody, id = newId<'command'>()): Promise<CommandResult> {
		const seen = this.#received.filter(({ kind }) => kind === 'answer').length;
		this.send('command', { id, space: this.space, body });
		let answers: { payload: unknown }[] = [];
		await this.receive('answer', () => {
			answers = this.#received.filter(({ kind }) => kind === 'answer');
			return answers.length > seen;
		});
		return (answers.at(-1)?.payload as ServerFrames['answer']).result;
	}

	fetch(route: string, init: { method?: string } = {}): Promise<Response> {
		return fetch(url + route, { ...init, headers: { cookie: this.cookie, origin: url } });
	}

	end(): void {
		this.#socket.terminate();
	}
}

function letterTo(
	recipient: string,
	subject: string,
	document: DocumentId
): CommandBody & { name: 'submit' } {
	return {
		name: 'submit',
		submission: submissionIdOf(document, 0),
		document,
		generation: 0,
		letter: {
			from: { name: 'Emily Carter', address: 'emily.carter@hongyan.example' },
			to: [{ name: '', address: recipient }],
			cc: [],
			bcc: [],
			subject,
			html: '<p>你好</p>',
			inReplyTo: null,
			references: [],
			attachments: [],
			date: Date.now()
		}
	};
}

const devices: Device[] = [];
async function device(name: string): Promise<Device> {
	const made = await Device.of(name);
	devices.push(made);
	return made;
}

beforeAll(() => start());
afterEach(() => {
	for (const each of devices.splice(0)) each.end();
});
afterAll(async () => {
	await server.stop();
	rmSync(folder, { recursive: true });
});

describe('the server, whole', () => {
	it('is ready when it has started, and says who can sign in', async () => {
		expect((await fetch(`${url}/readyz`)).status).toBe(200);
		expect((await fetch(`${url}/healthz`)).status).toBe(200);
		expect(server.demonstration).toHaveLength(8);
		expect(statSync(data).mode & 0o777).toBe(0o700);
	});

	it('brings a letter that came by SMTP to a device that waits, as it is', async () => {
		const wang = await device('wang.zhiqiang');
		const transport = createTransport({ host: '127.0.0.1', port: server.ports.smtp, ignoreTLS: true });
		await transport.sendMail({
			from: 'stranger@outside.example',
			to: 'wang.zhiqiang@hongyan.example',
			subject: '从外面来',
			text: '看得到吗？'
		});
		transport.close();
		const fact = await wang.arrival('从外面来');
		const content = await wang.fetch(`/api/spaces/${wang.space}/messages/${fact.arrival}/content`);
		expect(await content.json()).toMatchObject({ text: expect.stringContaining('看得到吗？') as unknown });
		const raw = await wang.fetch(`/api/spaces/${wang.space}/messages/${fact.arrival}/raw`);
		expect(await raw.text()).toContain('From: stranger@outside.example');
	});

	it('[W21] sends a letter once, however often the command comes', async () => {
		const [emily, liu] = [await device('emily.carter'), await device('liu.yang')];
		const body = letterTo('liu.yang@hongyan.example', 'once only', newId());
		const id = newId<'command'>();
		const first = await emily.command(body, id);
		expect(first).toMatchObject({ kind: 'submitted' });
		await liu.arrival('once only');
		await emily.arrival('once only', 'sent');
		expect(await emily.command(body, id)).toEqual(first);
		expect(await emily.command(body)).toEqual(first);
		const other = { ...body, letter: { ...body.letter, subject: 'another' } };
		expect(await emily.command(other)).toMatchObject({ kind: 'refused', code: 'already-sent' });
		await emily.command(letterTo('liu.yang@hongyan.example', 'behind it', newId()));
		await liu.arrival('behind it');
		expect(liu.arrived.filter(({ summary }) => summary.subject === 'once only')).toHaveLength(1);
	});

	it('refuses what can’t be sent, with the reason', async () => {
		const emily = await device('emily.carter');
		expect(await emily.command(letterTo('someone@outside.example', 'outside', newId()))).toMatchObject({
			kind: 'refused',
			code: 'no-route'
		});
		const forged = letterTo('liu.yang@hongyan.example', 'forged', newId());
		const from = { name: 'Boss', address: 'chen.siyuan@hongyan.example' };
		expect(await emily.command({ ...forged, letter: { ...forged.letter, from } })).toMatchObject({
			kind: 'refused',
			code: 'identity-not-permitted'
		});
	});

	it('[W24] removes for good only what the device had seen', async () => {
		const sofia = await device('sofia.rossi');
		const emily = await device('emily.carter');
		await emily.command(letterTo('sofia.rossi@hongyan.example', 'to be removed', newId()));
		const { arrival } = await sofia.arrival('to be removed');
		const { seq, generation } = await sofia.receive('entries', ({ entries }) =>
			entries.some(({ changes }) =>
				changes.some((change) => change.kind === 'arrived' && change.message.arrival === arrival)
			)
		);
		const stamp = { time: Date.now(), counter: 0, device: 'x' };
		const target = { kind: 'messages', arrivals: [arrival, 1] };
		const change = { kind: 'registers', key: 1, target, field: 'mailbox', value: 'trash', stamp };
		sofia.send('push', { batch: newId(), space: sofia.space, generation, changes: [change] });
		await sofia.receive('acked', () => true);
		const isThere = async () =>
			(await sofia.fetch(`/api/spaces/${sofia.space}/messages/${arrival}/content`)).status;
		await sofia.command({ name: 'purge', arrivals: [arrival, 1], seen: { generation, seq: seq - 1 } });
		expect(await isThere()).toBe(200);
		await sofia.command({ name: 'purge', arrivals: [arrival, 1], seen: { generation, seq } });
		expect(await isThere()).toBe(404);
	});

	it('[W8] closes the sockets of a session that signs out', async () => {
		const [zhao, other] = [await device('zhao.yuqing'), await device('zhao.yuqing')];
		expect((await zhao.fetch('/api/session', { method: 'DELETE' })).status).toBe(204);
		expect(await zhao.closed).toBe(4401);
		other.send('ping', {});
		await other.receive('pong', () => true);
	});

	it('[W9] stops in order, and starts again with everything that was there', async () => {
		const daniel = await device('daniel.kim');
		const [closed] = await Promise.all([daniel.closed, server.stop()]);
		expect(closed).toBe(4503);
		await start();
		const again = await device('liu.yang');
		const response = await again.fetch(`/api/spaces/${again.space}/opening`);
		expect(response.status).toBe(200);
	});

	it('lets go of everything where a port is taken', async () => {
		await server.stop();
		const taken = createServer();
		taken.listen(0, '127.0.0.1');
		await once(taken, 'listening');
		const { port } = taken.address() as AddressInfo;
		for (const name of ['HTTP', 'LMTP']) {
			await expect(start({ [`HONGYAN_${name}_PORT`]: String(port) })).rejects.toMatchObject({
				code: 'EADDRINUSE'
			});
		}
		taken.close();
		await start();
		expect((await fetch(`${url}/readyz`)).status).toBe(200);
	});
});
