import { WebSocket } from 'ws';
import type { CommandId, DeviceId, SpaceId } from '#schema/ids.ts';
import { decodeFrame, encodeFrame, type RawFrame } from '#schema/protocol/frames.ts';
import {
	protocolVersions,
	type AnswerFrame,
	type CommandBody,
	type CommandResult,
	type EntriesFrame,
	type WelcomeFrame
} from '#schema/protocol/messages.ts';
import type { Change, Cursor } from '#schema/space/entry.ts';

/** Who speaks, and where. */
export interface Access {
	/** The server's address, such as `http://127.0.0.1:8080`. */
	readonly url: string;
	readonly cookie: string;
	readonly space: SpaceId;
	readonly device: DeviceId;
}

/** A socket that says hello when it is open and hands on every frame. */
function openSocket({ url, cookie, device }: Access, onFrame: (frame: RawFrame) => void): WebSocket {
	const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, { headers: { cookie, origin: url } });
	socket.binaryType = 'arraybuffer';
	socket.on('open', () => socket.send(encodeFrame('hello', { versions: protocolVersions, device })));
	socket.on('message', (data: ArrayBuffer) => {
		const frame = decodeFrame(new Uint8Array(data));
		if (frame !== null) onFrame(frame);
	});
	return socket;
}

/** One try to get a command answered over one connection; undefined where the connection broke first. */
export function tryCommand(
	access: Access,
	id: CommandId,
	body: CommandBody
): Promise<CommandResult | undefined> {
	return new Promise((resolve) => {
		const socket = openSocket(access, (frame) => {
			if (frame.kind !== 'answer') return;
			const answer = frame.payload as AnswerFrame;
			if (answer.id !== id) return;
			resolve(answer.result);
			socket.close();
		});
		// What broke the connection, the server's end most likely, is the caller's business.
		socket.on('error', () => resolve(undefined));
		socket.on('close', () => resolve(undefined));
		socket.on('open', () => socket.send(encodeFrame('command', { id, space: access.space, body })));
	});
}

/** Tells every change of the log after the cursor, as it comes, until what this resolves to is called. */
export function followLog(
	access: Access,
	cursor: Cursor,
	onChange: (change: Change) => void
): Promise<() => void> {
	return new Promise((resolve, reject) => {
		const socket = openSocket(access, (frame) => {
			if (frame.kind === 'welcome') {
				const welcome = frame.payload as WelcomeFrame;
				if (welcome.spaces.length === 0) reject(new Error('no space in the welcome'));
				resolve(() => socket.close());
			}
			if (frame.kind !== 'entries') return;
			for (const entry of (frame.payload as EntriesFrame).entries) entry.changes.forEach(onChange);
		});
		socket.on('error', reject);
		socket.on('open', () => socket.send(encodeFrame('follow', { space: access.space, cursor })));
	});
}
