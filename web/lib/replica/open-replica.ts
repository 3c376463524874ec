import { newId, type SpaceId } from '#schema/ids.ts';
import type { Profile } from '#schema/protocol/messages.ts';
import type { Cancel } from '../platform/clock.ts';
import type { Environment } from '../platform/environment.ts';
import { undoAction, writeMessages } from './changes/actions.ts';
import { writeChanges } from './changes/write.ts';
import { ConnectivityTracker } from './connectivity-tracker.ts';
import type { Connectivity } from './connectivity.ts';
import { serverApi } from './connection/server-api.ts';
import { ContentLibrary } from './contents/content-library.ts';
import type { Contents } from './contents.ts';
import { DraftDesk } from './drafts/draft-desk.ts';
import { LastWords } from './drafts/last-words.ts';
import { LiveChannels } from './drafts/live-channels.ts';
import { LiveTabs } from './drafts/live-tabs.ts';
import type { Drafts } from './drafts.ts';
import { startLeading, type Leading, type LeadingParts } from './leading.ts';
import { CommandOutbox } from './outbox/command-outbox.ts';
import { OutboxMemory } from './outbox/outbox-memory.ts';
import type { Outbox } from './outbox.ts';
import { ReplicaCore } from './replica-core.ts';
import type { Replica } from './replica.ts';
import { ReplicaMemory } from './state/replica-memory.ts';
import type { ReplicaStorage } from './storage/storage.ts';
import { joinTabs, type TabNotice, type Tabs } from './tabs.ts';

/** Milliseconds between attempts to begin on a disk that is full. */
const beginPause = 5_000;

export interface ReplicaParts {
	readonly environment: Pick<
		Environment,
		| 'clock'
		| 'random'
		| 'fetch'
		| 'upload'
		| 'openSocket'
		| 'locks'
		| 'openChannel'
		| 'onNetwork'
		| 'onHidden'
		| 'kept'
	>;
	readonly storage: ReplicaStorage;
	readonly space: SpaceId;
	/** A public computer's replica is this tab's alone. */
	readonly isShared: boolean;
	readonly profileTold: (profile: Profile) => void;
	/** Another tab signed out: everything is being wiped. */
	readonly signedOut: () => void;
}

/** A replica at work in this tab. */
export interface OpenReplica {
	readonly core: ReplicaCore;
	readonly outboxMemory: OutboxMemory;
	readonly replica: Replica;
	readonly drafts: Drafts;
	readonly outbox: Outbox;
	readonly contents: Contents;
	readonly connectivity: Connectivity;
	/** Lets go of the connection, the lead and the other tabs; what is stored can still be read and written. */
	stop(): void;
	/** Stops, and lets go of the storage; nothing is lost. */
	close(): void;
}

/** Gives a new database its device and its clock. */
async function ensureClock(core: ReplicaCore): Promise<void> {
	const clock = await core.storage.read(['clock'], (transaction) => transaction.get('clock', 'clock'));
	if (clock !== undefined) return;
	await core.commit(['clock'], async (transaction) => {
		if ((await transaction.get('clock', 'clock')) !== undefined) return;
		const device = newId<'device'>(core.random);
		transaction.put('clock', 'clock', { device, last: { time: 0, counter: 0 }, nextKey: 1 });
	});
}

function screensReplica(core: ReplicaCore): Replica {
	return {
		writeMessages: (arrivals, field, value) => writeMessages(core, arrivals, field, value),
		undo: (action) => undoAction(core, action),
		subjectValue: (subject, field) => core.memory.subjects.value(subject, field),
		async writeSubject(subject, values) {
			await writeChanges(
				core,
				Object.entries(values).map(([field, value]) => ({
					kind: 'registers',
					target: { kind: 'subject', subject },
					field,
					value
				}))
			);
		},
		subscribeSubjects: (listener) =>
			core.notices.add((notice) => {
				if (notice.kind === 'subjects') listener(notice.subjects);
			})
	};
}

/** Takes what other tabs tell to whom it concerns. */
function hearTabs({
	core,
	tracker,
	outbox,
	liveTabs,
	signedOut
}: {
	readonly core: ReplicaCore;
	readonly tracker: ConnectivityTracker;
	readonly outbox: OutboxMemory;
	readonly liveTabs: LiveTabs;
	readonly signedOut: () => void;
}): (notice: TabNotice) => void {
	return (notice) => {
		switch (notice.kind) {
			case 'confirmed':
				return void core.inBackground(() => core.readAltered(notice.altered));
			case 'pending':
				return void core.inBackground(() => core.readPending(notice.added, notice.dropped));
			case 'reset':
				return void core.inBackground(() => core.reload());
			case 'outbox':
			case 'attachments':
			case 'refusals':
				return core.notices.tell({ kind: notice.kind });
			case 'connectivity':
				tracker.noteHeard(notice.state, notice.server);
				if (tracker.server().kind !== 'online') outbox.forgetProgress();
				return;
			case 'progress':
				return outbox.hearProgress(notice.attachment, notice.sent);
			case 'asked':
				tracker.tellAgain();
				if (tracker.leads()) outbox.tellProgressAgain();
				return liveTabs.tellAgain();
			case 'retry':
				return tracker.retryNow();
			case 'answered':
				return tracker.hearAnswered();
			case 'signed-out':
				return signedOut();
			default:
				return liveTabs.hear(notice);
		}
	};
}

/** The tabs of this replica; a public computer's replica has none but this one. */
function tabsOf({ environment, space, isShared }: ReplicaParts, heard: (notice: TabNotice) => void): Tabs {
	if (isShared) return joinTabs(environment.openChannel, `hongyan-${space}`, heard);
	return { tell: () => undefined, close: () => undefined };
}

/** Leads as soon as no other tab does; where tabs can't lock each other out, all lead, which is only wasteful. */
function standForLead({ environment, space, isShared }: ReplicaParts, parts: Omit<LeadingParts, 'space'>) {
	const ending = new AbortController();
	let leading: Leading | undefined;
	const lead = () => {
		void parts.core.inBackground(async () => {
			await parts.core.loaded;
			// Another tab may have led until a moment ago.
			await parts.core.refresh();
			if (ending.signal.aborted) return;
			parts.outbox.forgetProgress();
			leading = startLeading({ ...parts, space });
		});
	};
	if (environment.locks === null || !isShared) lead();
	else environment.locks.hold(`hongyan-lead-${space}`, ending.signal, lead);
	return {
		retry: () => leading?.retry(),
		networkChanged: (mayBeBack: boolean) => leading?.networkChanged(mayBeBack),
		stop() {
			ending.abort();
			leading?.stop();
			leading = undefined;
		}
	};
}

/** Reads what the device holds into memory. */
async function readDevice(parts: {
	readonly core: ReplicaCore;
	readonly outbox: OutboxMemory;
	readonly tracker: ConnectivityTracker;
}): Promise<void> {
	await ensureClock(parts.core);
	await parts.core.reload();
	await parts.outbox.load();
	await parts.tracker.loadRefusals();
}

/** Takes last words into their drafts whenever all documents were read anew. */
function takeInLastWords(core: ReplicaCore, lastWords: LastWords): () => void {
	return core.notices.add((notice) => {
		if (notice.kind !== 'documents' || notice.documents !== 'all') return;
		void core.inBackground(() => lastWords.takeIn(core));
	});
}

/** Reads what the device holds, and tries again while the disk is too full to begin. Returns the end of it. */
function begin(core: ReplicaCore, read: () => Promise<void>): () => void {
	let cancel: Cancel = () => undefined;
	const attempt = () => {
		void core.inBackground(read).then((isRead) => {
			if (!isRead && core.isFull) cancel = core.clock.after(beginPause, attempt);
		});
	};
	attempt();
	return () => cancel();
}

/**
 * Opens a replica over its storage. It answers at once and reads what the device holds meanwhile
 * (`core.loaded`); the network comes after that.
 */
export function openReplica(parts: ReplicaParts): OpenReplica {
	const { environment, storage, space } = parts;
	const { clock, random, openSocket, upload } = environment;
	let hear: (notice: TabNotice) => void = () => undefined;
	const tabs = tabsOf(parts, (notice) => {
		hear(notice);
	});
	const tell = (notice: TabNotice) => {
		tabs.tell(notice);
	};
	const core = new ReplicaCore({ storage, memory: new ReplicaMemory(), clock, random }, tell);
	const api = serverApi(environment.fetch, clock, space);
	const outbox = new OutboxMemory(core);
	const tracker = new ConnectivityTracker(core, outbox);
	const library = new ContentLibrary(core, api);
	const live = new LiveChannels(space);
	const liveTabs = new LiveTabs(live, random, tell);
	const lastWords = parts.isShared ? new LastWords(environment.kept, random) : undefined;
	const drafts = new DraftDesk({ core, outbox, live, lastWords, refusals: () => tracker.refusals() });
	const endWords = lastWords === undefined ? undefined : takeInLastWords(core, lastWords);
	const endBeginning = begin(core, () => readDevice({ core, outbox, tracker }));
	const { profileTold } = parts;
	const lead = standForLead(parts, {
		...{ core, api, openSocket, upload, outbox, library, live, liveTabs, tracker },
		profileTold
	});
	tracker.onRetry = lead.retry;
	hear = hearTabs({ core, tracker, outbox, liveTabs, signedOut: parts.signedOut });
	const endNetwork = environment.onNetwork(lead.networkChanged);
	const endHidden = environment.onHidden(() => drafts.keepLastWords());
	tabs.tell({ kind: 'asked' });
	const stop = () => {
		tracker.stop();
		lead.stop();
		endBeginning();
		endWords?.();
		endNetwork();
		endHidden();
		tabs.close();
	};
	return {
		core,
		outboxMemory: outbox,
		replica: screensReplica(core),
		drafts,
		outbox: new CommandOutbox(core, outbox),
		contents: library,
		connectivity: tracker,
		stop,
		close() {
			stop();
			storage.close();
		}
	};
}
