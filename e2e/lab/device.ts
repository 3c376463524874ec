import { WebSocket } from 'ws';
import { decodeAny, decodeFrame, encodeFrame } from '#schema/protocol/frames.ts';
import {
	protocolVersions,
	type AnswerFrame,
	type CommandBody,
	type CommandResult,
	type EntriesFrame,
	type WelcomeFrame
} from '#schema/protocol/messages.ts';
import { newId, type CommandId, type DeviceId, type SpaceId } from '#schema/ids.ts';
import type { Change, Opening, Pack } from '#schema/space/entry.ts';
import type { MessageFact } from '#schema/mail/message.ts';
import type { Content } from '#schema/mail/summary.ts';

/** Where a message lies and how it is marked. */
export interface MessageAsItStands {
	readonly arrival: number;
	readonly subject: string;
	readonly mailbox: string;
	/** Those that are set, in alphabetical order. */
	readonly keywords: readonly string[];
}

/** A signed-in device that speaks the protocol and keeps nothing: for scenarios without a browser. */
export interface ProtocolDevice {
	readonly space: SpaceId;
	readonly cookie: string;
	/** Executes a command; sends it again with the same id over new connections until it is answered. */
	command(body: CommandBody, patience?: AbortSignal): Promise<CommandResult>;
	/** Every message of the space that packs carry, newest first. */
	messages(): Promise<MessageFact[]>;
	/** Every message as it stands: what it came with, overlaid by what was changed since. Newest first. */
	states(): Promise<MessageAsItStands[]>;
	opening(): Promise<Opening>;
	/** Every change the log holds after the opening's cursor of the first call, as they come. */
	follow(onChange: (change: Change) => void): Promise<() => void>;
	raw(arrival: number): Promise<Buffer>;
	content(arrival: number): Promise<Content>;
}

interface SignedIn {
	readonly cookie: string;
	readonly space: SpaceId;
}

async function signIn(url: string, address: string, password: string): Promise<SignedIn> {
	const response = await fetch(`${url}/api/session`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', origin: url },
		body: JSON.stringify({ address, password, publicComputer: false })
	});
	if (!response.ok) throw new Error(`sign-in of ${address} answered ${response.status}`);
	const cookie = response.headers
		.getSetCookie()
		.map((line) => line.split(';')[0])
		.join('; ');
	const body = (await response.json()) as { space: SpaceId };
	return { cookie, space: body.space };
}

function statesOf({ messages, registers }: Pack): MessageAsItStands[] {
	return messages.map(({ arrival, summary, mailbox, keywords }) => {
		const own = registers.filter((register) => register.arrival === arrival);
		const set = new Set<string>(keywords);
		let place: string = mailbox;
		for (const { field, value } of own) {
			if (field === 'mailbox') place = String(value);
			else if (value === true) set.add(field);
			else set.delete(field);
		}
		return { arrival, subject: summary.subject, mailbox: place, keywords: [...set].sort() };
	});
}

/** One try to get a command answered over one connection; null where the connection broke first. */
function tryCommand(
	socketUrl: string,
	session: SignedIn,
	origin: string,
	frame: { id: CommandId; space: SpaceId; body: CommandBody },
	device: DeviceId
): Promise<CommandResult | null> {
	return new Promise((resolve) => {
		const socket = new WebSocket(socketUrl, { headers: { cookie: session.cookie, origin } });
		socket.binaryType = 'arraybuffer';
		socket.on('error', () => resolve(null));
		socket.on('close', () => resolve(null));
		socket.on('open', () => {
			socket.send(encodeFrame('hello', { versions: protocolVersions, device }));
			socket.send(encodeFrame('command', frame));
		});
		socket.on('message', (data: ArrayBuffer) => {
			const received = decodeFrame(new Uint8Array(data));
			if (received?.kind !== 'answer') return;
			const answer = received.payload as AnswerFrame;
			if (answer.id !== frame.id) return;
			resolve(answer.result);
			socket.close();
		});
	});
}

/** Signs in over HTTP at `url` (such as `http://127.0.0.1:8080`). */
export async function openProtocolDevice(
	url: string,
	address: string,
	password: string
): Promise<ProtocolDevice> {
	const session = await signIn(url, address, password);
	const device = newId<'device'>();
	const socketUrl = `${url.replace(/^http/, 'ws')}/ws`;
	const get = async (path: string): Promise<Buffer> => {
		const response = await fetch(`${url}/api/spaces/${session.space}${path}`, {
			headers: { cookie: session.cookie }
		});
		if (!response.ok) throw new Error(`${path} answered ${response.status}`);
		return Buffer.from(await response.arrayBuffer());
	};
	const opening = async () => decodeAny(await get('/opening')) as Opening;
	const packs = async () => {
		const found: Pack[] = [];
		let before = (await opening()).arrivals;
		while (before > 0) {
			const pack = decodeAny(await get(`/packs?before=${before}&count=200`)) as Pack;
			found.push(pack);
			before = pack.from;
		}
		return found;
	};

	return {
		space: session.space,
		cookie: session.cookie,
		opening,
		raw: (arrival) => get(`/messages/${arrival}/raw`),
		content: async (arrival) => JSON.parse((await get(`/messages/${arrival}/content`)).toString()) as Content,
		async command(body, patience) {
			const frame = { id: newId<'command'>(), space: session.space, body };
			for (;;) {
				const result = await tryCommand(socketUrl, session, url, frame, device);
				if (result !== null) return result;
				if (patience?.aborted === true) throw new Error('no answer to the command');
				await new Promise((resolve) => setTimeout(resolve, 50));
			}
		},
		messages: async () => (await packs()).flatMap((pack) => pack.messages),
		states: async () => (await packs()).flatMap(statesOf),
		async follow(onChange) {
			const start = await opening();
			const socket = new WebSocket(socketUrl, { headers: { cookie: session.cookie, origin: url } });
			socket.binaryType = 'arraybuffer';
			await new Promise<void>((resolve, reject) => {
				socket.on('error', reject);
				socket.on('message', (data: ArrayBuffer) => {
					const received = decodeFrame(new Uint8Array(data));
					if (received?.kind === 'welcome') {
						const welcome = received.payload as WelcomeFrame;
						if (welcome.spaces.length === 0) reject(new Error('no space in the welcome'));
						resolve();
					}
					if (received?.kind !== 'entries') return;
					for (const entry of (received.payload as EntriesFrame).entries) entry.changes.forEach(onChange);
				});
				socket.on('open', () => {
					socket.send(encodeFrame('hello', { versions: protocolVersions, device }));
					socket.send(encodeFrame('follow', { space: session.space, cursor: start.cursor }));
				});
			});
			return () => socket.close();
		}
	};
}
