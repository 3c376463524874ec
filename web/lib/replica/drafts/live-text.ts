import type { Awareness } from 'y-protocols/awareness';
import { WebsocketProvider } from 'y-websocket';
import type * as Y from 'yjs';
import type { DocumentId } from '#schema/ids.ts';
import type { LiveChannels } from './live-channels.ts';

/** A document's way into its live room. */
export interface LiveRoom {
	/** The origin of updates that came from others. */
	readonly origin: object;
	leave(): void;
}

/** Joins the live room of a document as soon as there is a connection, and again after each loss of it. */
export function joinLive(live: LiveChannels, id: DocumentId, doc: Y.Doc, awareness: Awareness): LiveRoom {
	const provider = new WebsocketProvider('hongyan:', encodeURIComponent(id), doc, {
		awareness,
		// The provider uses of a WebSocket exactly what a channel has.
		WebSocketPolyfill: live.socketClass(id) as unknown as typeof WebSocket,
		disableBc: true
	});
	provider.on('status', ({ status }) => {
		// After a loss others forgot who is here, and would ignore the same word said again.
		if (status === 'connected') awareness.setLocalState(awareness.getLocalState());
	});
	return { origin: provider, leave: () => provider.destroy() };
}
