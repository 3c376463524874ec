import type { RandomBytes } from '#schema/ids.ts';
import { broadcastChannels, type OpenChannel } from './channel.ts';
import { systemClock, type Clock } from './clock.ts';
import { webLocks, type Locks } from './locks.ts';
import { webSockets, type OpenSocket } from './socket.ts';
import { browserUpload, type Fetch, type Upload } from './transfer.ts';

/** Small texts that outlive the page, read without waiting (`localStorage`). */
export type KeptTexts = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** Everything of the machine that the client core uses; nothing in it knows about mail. */
export interface Environment {
	readonly clock: Clock;
	readonly random: RandomBytes;
	readonly fetch: Fetch;
	readonly upload: Upload;
	readonly openSocket: OpenSocket;
	/** Null where the browser has none (plain HTTP off localhost). */
	readonly locks: Locks | null;
	readonly openChannel: OpenChannel;
	readonly kept: KeptTexts;
	/**
	 * Calls back when the network may have changed; returns the end of it. `true`: it may be back, as the
	 * machine says, or as after a sleep when the page is shown again. `false`: the machine says that it went.
	 */
	readonly onNetwork: (changed: (mayBeBack: boolean) => void) => () => void;
	/** Calls back when the page may be about to be put away; the last chance to save. */
	readonly onHidden: (hidden: () => void) => () => void;
	/** Loads the app anew in this tab. */
	readonly restart: () => void;
	/** Asks for storage that is not evicted; whether that was granted makes no difference to us. */
	readonly persist: () => Promise<void>;
	/** Deletes what the service worker keeps of a person; the app's own files stay. */
	readonly clearCaches: () => Promise<void>;
}

function listenTo(target: EventTarget, event: string, run: () => void): () => void {
	target.addEventListener(event, run);
	return () => target.removeEventListener(event, run);
}

function onVisibility(state: DocumentVisibilityState, run: () => void): () => void {
	return listenTo(document, 'visibilitychange', () => {
		if (document.visibilityState === state) run();
	});
}

async function clearPersonalCaches(): Promise<void> {
	if (!('caches' in globalThis)) return;
	const names = await caches.keys();
	const personal = names.filter((name) => !name.startsWith('workbox-precache'));
	await Promise.all(personal.map((name) => caches.delete(name)));
}

/** The machine as the browser shows it to this page. */
export function browserEnvironment(): Environment {
	const socketUrl = new URL('/ws', location.href);
	socketUrl.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:';
	return {
		clock: systemClock,
		random: (length) => crypto.getRandomValues(new Uint8Array(length)),
		fetch: (url, init) => fetch(url, init),
		upload: browserUpload,
		openSocket: webSockets(socketUrl.href, WebSocket),
		locks: 'locks' in navigator ? webLocks(navigator.locks) : null,
		openChannel: broadcastChannels,
		kept: localStorage,
		onNetwork(changed) {
			const ends = [
				listenTo(globalThis, 'online', () => changed(true)),
				listenTo(globalThis, 'offline', () => changed(false)),
				onVisibility('visible', () => changed(true))
			];
			return () => ends.forEach((end) => end());
		},
		onHidden(hidden) {
			const ends = [listenTo(globalThis, 'pagehide', hidden), onVisibility('hidden', hidden)];
			return () => ends.forEach((end) => end());
		},
		restart: () => {
			location.reload();
		},
		async persist() {
			if ('storage' in navigator) await navigator.storage.persist();
		},
		clearCaches: clearPersonalCaches
	};
}
