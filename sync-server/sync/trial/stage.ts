import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import type {
	BatchId,
	CommandId,
	DeviceId,
	EnvelopeId,
	OrganisationId,
	PrincipalId,
	SpaceId
} from '#schema/ids.ts';
import { systemMailbox, type MailboxRole } from '#schema/mail/mailbox.ts';
import {
	decodeFrame,
	encodeFrame,
	encodeLiveFrame,
	type FrameKind,
	type RawFrame
} from '#schema/protocol/frames.ts';
import type {
	CommandResult,
	EntriesFrame,
	PushedChange,
	ServerFrames,
	WelcomeFrame
} from '#schema/protocol/messages.ts';
import { countingRandom } from '#schema/trial/counting-random.ts';
import { li, profileOfLi } from '#schema/trial/people.ts';
import { joinThread } from '../../mail/thread.ts';
import { openStoreInProcess, type InProcessOptions } from '../../store/in-process.ts';
import { spaceKind, type SpaceKind } from '../../store/space/kind.ts';
import { spacePath } from '../../store/space/path.ts';
import type { Store, StoreFile } from '../../store/store.ts';
import type { SyncAccount } from '../account.ts';
import type { Commander, Commands } from '../commands.ts';
import { SyncHub } from '../hub.ts';
import type { SyncConnection } from '../connection.ts';
import type { SyncSocket } from '../socket.ts';
import { spacesIn } from '../spaces.ts';

/** Lets everything that was begun in this process go as far as it can without time passing. */
export async function settled(): Promise<void> {
	for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** The server's end of a connection in memory, and what the device's end got. */
class TrialSocket implements SyncSocket {
	readonly frames: RawFrame[] = [];
	closed: { code: number; reason: string } | null = null;
	buffered = 0;
	#waiting: (() => void)[] = [];

	send(frame: Uint8Array): void {
		const decoded = decodeFrame(new Uint8Array(frame));
		if (decoded === null) throw new Error('the server sent what is no frame');
		this.frames.push(decoded);
	}

	close(code: number, reason: string): void {
		this.closed ??= { code, reason };
		this.drain();
	}

	async drained(): Promise<void> {
		if (this.buffered > 0 && this.closed === null) {
			await new Promise<void>((resolve) => this.#waiting.push(resolve));
		}
	}

	drain(): void {
		this.buffered = 0;
		for (const resolve of this.#waiting.splice(0)) resolve();
	}
}

/** A device at the other end of a connection. */
export class TrialDevice {
	readonly socket = new TrialSocket();
	readonly id: DeviceId;
	readonly connection: SyncConnection;

	constructor(hub: SyncHub, account: SyncAccount, id: string) {
		this.id = id as DeviceId;
		this.connection = hub.connect(account, this.socket);
	}

	send(kind: FrameKind, payload: unknown): void {
		this.connection.receive(encodeFrame(kind, payload));
	}

	sendLive(channel: number, message: Uint8Array): void {
		this.connection.receive(encodeLiveFrame(channel, message));
	}

	/** What was received of a kind, in order. */
	received<Kind extends keyof ServerFrames>(kind: Kind): ServerFrames[Kind][] {
		return this.socket.frames.flatMap((frame) =>
			frame.kind === kind ? [frame.payload as ServerFrames[Kind]] : []
		);
	}

	live(channel: number): Uint8Array[] {
		return this.socket.frames.flatMap((frame) =>
			frame.kind === 'live' && frame.channel === channel ? [frame.bytes] : []
		);
	}

	get kinds(): string[] {
		return this.socket.frames.map(({ kind }) => kind);
	}

	get closeCode(): number | null {
		return this.socket.closed?.code ?? null;
	}

	async hello(versions = { lowest: 1, highest: 1 }): Promise<WelcomeFrame> {
		this.send('hello', { versions, device: this.id });
		await settled();
		const [welcome] = this.received('welcome');
		if (welcome === undefined) throw new Error('no welcome');
		return welcome;
	}

	follow(space: SpaceId, cursor: { generation: string; seq: number }): void {
		this.send('follow', { space, cursor });
	}

	/** Numbers of all entries received, as they came. */
	get seqs(): number[] {
		return this.received('entries').flatMap(({ entries }: EntriesFrame) => entries.map(({ seq }) => seq));
	}
}

/** The time every trial begins at, milliseconds UTC. */
export const trialStart = Date.UTC(2026, 10, 23, 9);

/** Answers commands by purging or with what the test says; remembers what it was given. */
class TrialCommands implements Commands {
	readonly given: CommandId[] = [];
	answer: (id: CommandId, by: Commander) => Promise<CommandResult> = async () => ({ kind: 'done' });

	execute({ id }: { readonly id: CommandId }, by: Commander): Promise<CommandResult> {
		this.given.push(id);
		return this.answer(id, by);
	}
}

/** A sync hub over a real store in this process, with one mailbox in it. */
export interface Stage {
	readonly hub: SyncHub;
	readonly store: Store;
	readonly space: SpaceId;
	readonly file: StoreFile<SpaceKind>;
	readonly time: { now: number };
	readonly commands: TrialCommands;
	readonly failures: unknown[];
	readonly account: SyncAccount;
	generation(): Promise<string>;
	device(id: string, account?: Partial<SyncAccount>): TrialDevice;
	place(count?: number, size?: number, mailbox?: MailboxRole): Promise<void>;
	push(device: string, changes: readonly PushedChange[]): Promise<void>;
}

const space = 'space-of-li' as SpaceId;
const principal = 'li' as PrincipalId;

async function openSpace(options: Partial<InProcessOptions>, time: { now: number }) {
	const clock = () => time.now;
	const random = countingRandom();
	const folder = mkdtempSync(path.join(tmpdir(), 'hongyan-sync-'));
	const store = openStoreInProcess([spaceKind(joinThread)], folder, { clock, random, ...options });
	onTestFinished(async () => {
		await store.close();
		rmSync(folder, { recursive: true });
	});
	const file = store.file<SpaceKind>('space', spacePath(space));
	await file.call('create', {
		space,
		principal,
		organisation: 'org' as OrganisationId,
		spaceKind: 'mailbox'
	});
	return { store, file, clock, random };
}

/** What happens in the space besides the connections. */
function events(
	file: StoreFile<SpaceKind>,
	time: { now: number }
): Pick<Stage, 'generation' | 'place' | 'push'> {
	let delivered = 0;
	let batches = 0;
	return {
		generation: async () => (await file.call('head')).generation,
		place: async (count = 1, size = 100, mailbox = 'inbox') => {
			for (let index = 0; index < count; index += 1) {
				delivered += 1;
				await file.call('place', placing(delivered, size, mailbox, time.now));
			}
		},
		push: async (device, changes) => {
			batches += 1;
			const { generation } = await file.call('head');
			const batch = `direct-${batches}` as BatchId;
			await file.call('push', { device: device as DeviceId, batch, generation, changes });
		}
	};
}

/** Opens a stage, which goes when the test ends. */
export async function openStage(options: Partial<InProcessOptions> = {}): Promise<Stage> {
	const time = { now: trialStart };
	const { store, file, clock, random } = await openSpace(options, time);
	const failures: unknown[] = [];
	const commands = new TrialCommands();
	const hub = new SyncHub({
		clock,
		random,
		spaces: spacesIn(store),
		commands,
		profile: async () => profileOfLi,
		greeted: async () => undefined,
		pushed: () => undefined,
		failed: (error) => failures.push(error)
	});
	store.subscribe((event) => hub.heard(event));
	const account: SyncAccount = {
		session: 'session-1',
		goodUntil: trialStart + 3_600_000,
		standing: async () => trialStart + 24 * 3_600_000,
		used: async () => true,
		principal,
		spaces: [{ space, kind: 'mailbox', access: 'write' }]
	};
	const device = (id: string, own: Partial<SyncAccount> = {}) =>
		new TrialDevice(hub, { ...account, ...own }, id);
	return { hub, store, space, file, time, commands, failures, account, device, ...events(file, time) };
}

function placing(number: number, size: number, mailbox: MailboxRole, receivedAt: number) {
	const summary = {
		messageId: `${number}@outside.example`,
		from: [{ name: 'Wang', address: 'wang@outside.example' }],
		to: [],
		cc: [],
		replyTo: [],
		subject: 's'.repeat(size),
		snippet: '',
		sentAt: null,
		size: 10,
		attachments: 0
	};
	return {
		envelope: `envelope-${number}` as EnvelopeId,
		recipient: li.address,
		receivedAt,
		mailbox: systemMailbox(mailbox),
		keywords: [],
		parsed: {
			summary,
			threadKeys: { messageId: summary.messageId, references: [], baseSubject: '', isReply: false },
			content: { text: 'x', html: null, parts: [], defects: [], parser: 1 }
		},
		body: { kind: 'inline' as const, bytes: new Uint8Array(10) }
	};
}
