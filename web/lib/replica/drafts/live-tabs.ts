import { newId, type DocumentId, type RandomBytes } from '#schema/ids.ts';
import type { LiveChannel, LiveChannels, LiveConnection } from './live-channels.ts';

/** A live channel of a tab that follows: the tab's name, and the channel's number in it. */
interface FollowersChannel {
	readonly tab: string;
	readonly channel: number;
}

/** What tabs tell each other of live channels that go through the tab that leads. */
export type LiveNotice =
	/** To the tab that leads. */
	| (FollowersChannel & { readonly kind: 'live-open'; readonly document: DocumentId })
	| (FollowersChannel & { readonly kind: 'live-sent'; readonly bytes: Uint8Array })
	| (FollowersChannel & { readonly kind: 'live-close' })
	/** From the tab that leads: channels can be opened over the connection of that name. */
	| { readonly kind: 'live-ready'; readonly connection: string }
	| { readonly kind: 'live-lost' }
	| (FollowersChannel & { readonly kind: 'live-opened' })
	| (FollowersChannel & { readonly kind: 'live-received'; readonly bytes: Uint8Array })
	| (FollowersChannel & { readonly kind: 'live-closed'; readonly code: number });

export const liveNoticeKinds = [
	'live-open',
	'live-sent',
	'live-close',
	'live-ready',
	'live-lost',
	'live-opened',
	'live-received',
	'live-closed'
] as const;

/**
 * Heartbeats after which a tab that said nothing on a channel is taken to be gone. A live tab says every 15 s who it
 * is, and once a minute in the background.
 */
const quietBeats = 12;

/** A follower's channel, as the tab that leads carries it. */
interface Carried {
	readonly channel: LiveChannel;
	quiet: number;
}

/**
 * Live channels for tabs that do not lead. The tab that leads opens one of its own for each and passes the bytes
 * on, both ways. One that follows takes the tab that leads for its connection: when that goes, its channels close
 * as those of a broken socket, and are opened anew where another connection is told of.
 */
export class LiveTabs {
	readonly #live: LiveChannels;
	readonly #random: RandomBytes;
	readonly #tell: (notice: LiveNotice) => void;
	readonly #tab: string;
	readonly #carried = new Map<string, Carried>();
	#leads = false;
	/** The connection channels go over: this tab's own where it leads, else that of the tab that does. */
	#connection: string | undefined;

	constructor(live: LiveChannels, random: RandomBytes, tell: (notice: LiveNotice) => void) {
		this.#live = live;
		this.#random = random;
		this.#tell = tell;
		this.#tab = newId(random);
	}

	/** From now on this tab leads. */
	lead(): void {
		this.#lost();
		this.#leads = true;
	}

	/** This tab's own connection stands. */
	connected(connection: LiveConnection): void {
		this.#live.connected(connection);
		this.#connection = newId(this.#random);
		this.tellAgain();
	}

	disconnected(): void {
		// Before its channels close one by one, each as if the server had taken it away.
		this.#tell({ kind: 'live-lost' });
		this.#lost();
	}

	/** The connection lives; a tab that was quiet for too long does not. */
	beat(): void {
		this.#live.beat();
		for (const carried of [...this.#carried.values()]) {
			carried.quiet += 1;
			if (carried.quiet > quietBeats) carried.channel.close();
		}
	}

	/** A new tab asks whether there is a connection. */
	tellAgain(): void {
		if (!this.#leads || this.#connection === undefined) return;
		this.#tell({ kind: 'live-ready', connection: this.#connection });
	}

	/** Takes what another tab told. */
	hear(notice: LiveNotice): void {
		if (this.#leads) this.#hearFollower(notice);
		else this.#hearLeader(notice);
	}

	#lost(): void {
		this.#connection = undefined;
		this.#live.disconnected();
	}

	#hearFollower(notice: LiveNotice): void {
		switch (notice.kind) {
			case 'live-open':
				return this.#carry(notice, notice.document);
			case 'live-sent': {
				const carried = this.#carried.get(nameOf(notice));
				if (carried === undefined) return;
				carried.quiet = 0;
				carried.channel.send(notice.bytes);
				return;
			}
			case 'live-close':
				return this.#drop(notice);
			case 'live-ready':
			case 'live-lost':
			case 'live-opened':
			case 'live-received':
			case 'live-closed':
				// From a tab that leads too, as where there are no Web Locks.
				return;
		}
	}

	#hearLeader(notice: LiveNotice): void {
		switch (notice.kind) {
			case 'live-ready':
				if (notice.connection === this.#connection) return;
				this.#lost();
				this.#connection = notice.connection;
				this.#live.connected(this.#throughLeader());
				return;
			case 'live-lost':
				return this.#lost();
			case 'live-opened':
				if (notice.tab === this.#tab) this.#live.opened({ channel: notice.channel, access: 'write' });
				return;
			case 'live-closed':
				if (notice.tab === this.#tab) this.#live.closed(notice.channel, notice.code);
				return;
			case 'live-received':
				if (notice.tab === this.#tab) this.#live.received(notice.channel, notice.bytes);
				return;
			case 'live-open':
			case 'live-sent':
			case 'live-close':
				return;
		}
	}

	/** The connection of a tab that follows. */
	#throughLeader(): LiveConnection {
		const tab = this.#tab;
		return {
			send: (...[kind, payload]) => {
				const { channel } = payload;
				if (kind === 'close') this.#tell({ kind: 'live-close', tab, channel });
				else this.#tell({ kind: 'live-open', tab, channel, document: payload.document });
				return true;
			},
			sendLive: (channel, bytes) => {
				this.#tell({ kind: 'live-sent', tab, channel, bytes });
			}
		};
	}

	/** Opens a channel of this tab's for one that follows. */
	#carry({ tab, channel: number }: FollowersChannel, document: DocumentId): void {
		const own = { tab, channel: number };
		this.#drop(own);
		if (this.#connection === undefined) return;
		const Socket = this.#live.socketClass(document);
		const channel = new Socket();
		this.#carried.set(nameOf(own), { channel, quiet: 0 });
		channel.onopen = () => {
			this.#tell({ kind: 'live-opened', ...own });
		};
		channel.onmessage = ({ data }) => {
			this.#tell({ kind: 'live-received', ...own, bytes: new Uint8Array(data) });
		};
		channel.onclose = ({ code }) => {
			this.#carried.delete(nameOf(own));
			this.#tell({ kind: 'live-closed', ...own, code });
		};
	}

	/** The tab that follows let go of its channel, or opens it anew. */
	#drop(own: FollowersChannel): void {
		const carried = this.#carried.get(nameOf(own));
		if (carried === undefined) return;
		this.#carried.delete(nameOf(own));
		carried.channel.onclose = null;
		carried.channel.close();
	}
}

function nameOf({ tab, channel }: FollowersChannel): string {
	return `${tab} ${channel}`;
}
