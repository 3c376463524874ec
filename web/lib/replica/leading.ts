import type { SpaceId } from '#schema/ids.ts';
import type { Profile } from '#schema/protocol/messages.ts';
import type { OpenSocket } from '../platform/socket.ts';
import type { Upload } from '../platform/transfer.ts';
import type { ConnectivityTracker } from './connectivity-tracker.ts';
import { Backfill } from './connection/backfill.ts';
import { Link } from './connection/link.ts';
import { Pusher } from './connection/pusher.ts';
import { Replication } from './connection/replication.ts';
import type { ServerApi } from './connection/server-api.ts';
import type { ContentLibrary } from './contents/content-library.ts';
import { Prefetch } from './contents/prefetch.ts';
import { keepLateEdits } from './drafts/late-edits.ts';
import { reviveEdited } from './drafts/revived-drafts.ts';
import type { LiveChannels } from './drafts/live-channels.ts';
import type { LiveTabs } from './drafts/live-tabs.ts';
import type { OutboxMemory } from './outbox/outbox-memory.ts';
import { Sender } from './outbox/sender.ts';
import { Uploader } from './outbox/uploader.ts';
import type { ReplicaCore } from './replica-core.ts';

export interface LeadingParts {
	readonly core: ReplicaCore;
	readonly space: SpaceId;
	readonly api: ServerApi;
	readonly openSocket: OpenSocket;
	readonly upload: Upload;
	readonly outbox: OutboxMemory;
	readonly library: ContentLibrary;
	readonly live: LiveChannels;
	readonly liveTabs: LiveTabs;
	readonly tracker: ConnectivityTracker;
	readonly profileTold: (profile: Profile) => void;
}

/** What the tab that leads runs: the connection and everything that goes over it. */
export interface Leading {
	/** Asks the server over the connection that stands, or connects now, also where it was told to sign in again. */
	retry(): void;
	/** The network may be back, or is said to have gone: the connection is checked, or tried at once. */
	networkChanged(mayBeBack: boolean): void;
	stop(): void;
}

/** The parts that wait for the connection. */
interface Workers {
	readonly pusher: Pusher;
	readonly sender: Sender;
	readonly uploader: Uploader;
	readonly backfill: Backfill;
	readonly prefetch: Prefetch;
}

function makeWorkers(
	{ core, space, api, outbox, library, upload }: LeadingParts,
	send: Link['send']
): Workers {
	const prefetch = new Prefetch(core, api, library);
	const sender = new Sender(core, outbox, space, (frame) => send('command', frame));
	return {
		prefetch,
		sender,
		pusher: new Pusher(core, space, (frame) => send('push', frame)),
		uploader: new Uploader(core, outbox, api, upload, () => {
			sender.kick();
		}),
		backfill: new Backfill(core, api, () => {
			prefetch.connected();
		})
	};
}

/** Wakes the workers when there is something for them to do; returns the end of it. */
function wakeWorkers(
	{ core, outbox }: LeadingParts,
	{ pusher, sender, uploader, backfill, prefetch }: Workers
) {
	const ends = [
		core.notices.add(({ kind }) => {
			if (kind === 'pending') pusher.kick();
			else if (kind === 'messages') prefetch.kick();
			else if (kind === 'backfill' && (core.memory.backfill?.missing.length ?? 0) > 0) backfill.resume();
		}),
		outbox.changes.add(() => {
			sender.kick();
			uploader.kick();
			void core.inBackground(() => sender.forgetTold());
		}),
		keepLateEdits(core),
		reviveEdited(core)
	];
	return () => {
		for (const end of ends) end();
	};
}

function makeLink(
	parts: LeadingParts,
	replication: () => Replication,
	sender: () => Sender,
	show: () => void
): Link {
	const { core, api, live, liveTabs, openSocket } = parts;
	return new Link({
		clock: core.clock,
		random: core.random,
		openSocket,
		hello: { device: core.device() },
		isSignedOut: () => api.isSignedOut(),
		events: {
			welcomed: (frame) => {
				replication().welcomed(frame);
			},
			lost: () => {
				replication().lost();
			},
			stateChanged: show,
			alive: () => {
				liveTabs.beat();
				show();
			},
			frame(frame) {
				if (frame.kind === 'live') live.received(frame.channel, frame.bytes);
				else if (frame.kind === 'opened') live.opened(frame.payload);
				else if (frame.kind === 'answer') void core.inBackground(() => sender().answered(frame.payload));
				else replication().received(frame);
			}
		}
	});
}

/** Starts to lead: memory must have been read after the lead was won. */
export function startLeading(parts: LeadingParts): Leading {
	const { core, space, api, liveTabs, tracker, profileTold } = parts;
	const showView = () => {
		const { remaining, isLevel } = replication;
		tracker.noteView({ link: link.state, remaining, isLevel });
		if (link.state === 'open' && isLevel) tracker.noteAnswered();
	};
	const workers = makeWorkers(parts, (kind, payload) => link.send(kind, payload));
	const { sender, uploader, prefetch } = workers;
	const link: Link = makeLink(
		parts,
		() => replication,
		() => sender,
		showView
	);
	const replication: Replication = new Replication({
		core,
		space,
		link,
		api,
		...workers,
		events: {
			connected() {
				sender.connected();
				uploader.connected();
				liveTabs.connected(link);
			},
			disconnected() {
				sender.disconnected();
				uploader.disconnected();
				prefetch.disconnected();
				liveTabs.disconnected();
				showView();
			},
			profileTold,
			progressed: showView
		}
	});
	const endWaking = wakeWorkers(parts, workers);
	liveTabs.lead();
	link.start();
	return {
		retry: () => {
			link.check();
			link.start();
		},
		networkChanged(mayBeBack) {
			link.check();
			if (mayBeBack) link.start();
		},
		stop() {
			endWaking();
			link.stop();
			replication.lost();
			tracker.noteView(undefined);
		}
	};
}
