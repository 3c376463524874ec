import { newId, type SpaceId } from '#schema/ids.ts';
import type { Profile } from '#schema/protocol/messages.ts';
import type { Environment } from '../platform/environment.ts';
import { undoAction, writeMessages } from './changes/actions.ts';
import { writeChanges } from './changes/write.ts';
import { ConnectivityTracker } from './connectivity-tracker.ts';
import type { Connectivity } from './connectivity.ts';
import { serverApi } from './connection/server-api.ts';
import { ContentLibrary } from './contents/content-library.ts';
import type { Contents } from './contents.ts';
import { DraftDesk } from './drafts/draft-desk.ts';
import { LiveChannels } from './drafts/live-channels.ts';
import type { Drafts } from './drafts.ts';
import { startLeading, type Leading } from './leading.ts';
import { CommandOutbox } from './outbox/command-outbox.ts';
import { OutboxMemory } from './outbox/outbox-memory.ts';
import type { Outbox } from './outbox.ts';
import { ReplicaCore } from './replica-core.ts';
import type { Replica } from './replica.ts';
import { ReplicaMemory } from './state/replica-memory.ts';
import type { ReplicaStorage } from './storage/storage.ts';
import { joinTabs, type TabNotice } from './tabs.ts';

export interface ReplicaParts {
	readonly environment: Pick<
		Environment,
		'clock' | 'random' | 'fetch' | 'upload' | 'openSocket' | 'locks' | 'openChannel' | 'onNetwork'
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
	/** Lets go of the connection, the lead and the storage; nothing is lost. */
	close(): void;
}

/** Gives a new database its device and its clock. */
async function ensureClock({ storage, environment }: ReplicaParts): Promise<void> {
	await storage.write(['clock'], 'strict', async (transaction) => {
		if ((await transaction.get('clock', 'clock')) !== undefined) return;
		const device = newId<'device'>(environment.random);
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
function hearTabs(
	core: ReplicaCore,
	tracker: ConnectivityTracker,
	to: { readonly retry: () => void; readonly signedOut: () => void }
): (notice: TabNotice) => void {
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
				return tracker.noteHeard(notice.state);
			case 'asked':
				return tracker.tellAgain();
			case 'retry':
				return to.retry();
			case 'signed-out':
				return to.signedOut();
		}
	};
}

/** Opens a replica over its storage: what it holds is in memory when this resolves; the network comes later. */
export async function openReplica(parts: ReplicaParts): Promise<OpenReplica> {
	const { environment, storage, space } = parts;
	await ensureClock(parts);
	const memory = new ReplicaMemory();
	await memory.load(storage);
	let hear: (notice: TabNotice) => void = () => undefined;
	const tabs = parts.isShared
		? joinTabs(environment.openChannel, `hongyan-${space}`, (notice) => hear(notice))
		: { tell: () => undefined, close: () => undefined };
	const core = new ReplicaCore({ storage, memory, clock: environment.clock, random: environment.random }, tabs.tell);
	const api = serverApi(environment.fetch, space);
	const outboxMemory = new OutboxMemory(core);
	const tracker = new ConnectivityTracker(core, outboxMemory);
	const library = new ContentLibrary(core, api);
	const live = new LiveChannels(space);
	let leading: Leading | undefined;
	tracker.onRetry = () => leading?.retry();
	hear = hearTabs(core, tracker, { retry: () => leading?.retry(), signedOut: parts.signedOut });
	void core.inBackground(async () => {
		await outboxMemory.load();
		await tracker.loadRefusals();
	});
	const stop = new AbortController();
	const lead = () => {
		void core.inBackground(async () => {
			// Another tab may have led until a moment ago.
			await core.reload();
			if (stop.signal.aborted) return;
			const { openSocket, upload } = environment;
			const { profileTold } = parts;
			const outbox = outboxMemory;
			leading = startLeading({ core, space, api, openSocket, upload, outbox, library, live, tracker, profileTold });
		});
	};
	if (environment.locks === null || !parts.isShared) lead();
	else environment.locks.hold(`hongyan-lead-${space}`, stop.signal, lead);
	const endNetwork = environment.onNetwork(() => leading?.retry());
	tabs.tell({ kind: 'asked' });
	return {
		core,
		outboxMemory,
		replica: screensReplica(core),
		drafts: new DraftDesk({ core, outbox: outboxMemory, live, refusals: () => tracker.refusals() }),
		outbox: new CommandOutbox(core, outboxMemory),
		contents: library,
		connectivity: tracker,
		close() {
			stop.abort();
			endNetwork();
			leading?.stop();
			tabs.close();
			storage.close();
		}
	};
}
