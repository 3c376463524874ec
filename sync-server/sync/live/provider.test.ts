import { afterEach, describe, expect, it } from 'vitest';
import { WebsocketProvider } from 'y-websocket';
import { applyUpdate, Doc } from 'yjs';
import type { DocumentId } from '#schema/ids.ts';
import { openStage, settled, type Stage, type TrialDevice } from '../trial/stage.ts';

/** One channel of a trial device, as far as the provider of y-websocket uses a WebSocket. */
function channelOf(device: TrialDevice, channel: number) {
	return class {
		readonly OPEN = 1;
		binaryType = 'arraybuffer';
		readyState = 0;
		onopen: (() => void) | null = null;
		onmessage: ((event: { data: ArrayBuffer }) => void) | null = null;
		onclose: ((event: { code: number; reason: string }) => void) | null = null;
		onerror: (() => void) | null = null;
		#read = 0;

		constructor() {
			queueMicrotask(() => {
				this.readyState = 1;
				this.onopen?.();
			});
			sockets.push(() => this.pump());
		}

		pump(): void {
			const messages = device.live(channel);
			for (; this.#read < messages.length; this.#read += 1) {
				const bytes = new Uint8Array(messages[this.#read] ?? []);
				this.onmessage?.({ data: bytes.buffer });
			}
		}

		send(data: Uint8Array): void {
			device.sendLive(channel, data);
		}

		close(): void {
			this.readyState = 3;
		}
	} as unknown as typeof WebSocket;
}

const sockets: (() => void)[] = [];
const providers: WebsocketProvider[] = [];
afterEach(() => {
	for (const provider of providers.splice(0)) {
		provider.destroy();
		provider.doc.destroy();
	}
	sockets.length = 0;
});

async function allMoved(): Promise<void> {
	for (let round = 0; round < 4; round += 1) {
		await settled();
		for (const pump of sockets) pump();
	}
}

async function open(stage: Stage, id: string): Promise<WebsocketProvider> {
	const device = stage.device(id);
	await device.hello();
	device.send('open', { channel: 1, space: stage.space, document: 'draft-1' });
	await settled();
	const provider = new WebsocketProvider('ws://here', 'draft-1', new Doc(), {
		WebSocketPolyfill: channelOf(device, 1),
		disableBc: true
	});
	providers.push(provider);
	return provider;
}

describe('the y-websocket provider over a channel', () => {
	it('[W25] [W28] [W31] syncs text and presence with the room as it is', async () => {
		const stage = await openStage();
		const [a, b] = [await open(stage, 'a'), await open(stage, 'b')];
		await allMoved();
		expect([a.synced, b.synced]).toEqual([true, true]);
		a.doc.getText('body').insert(0, '两个人');
		b.awareness.setLocalStateField('user', { name: '王芳' });
		await allMoved();
		expect(b.doc.getText('body').toJSON()).toBe('两个人');
		expect(a.awareness.getStates().get(b.doc.clientID)).toEqual({ user: { name: '王芳' } });
		const stored = new Doc();
		const state = await stage.file.call('document', { document: 'draft-1' as DocumentId });
		if (state !== null) applyUpdate(stored, state);
		expect(stored.getText('body').toJSON()).toBe('两个人');
	});
});
