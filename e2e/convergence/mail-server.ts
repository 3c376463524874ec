import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type {
	AttachmentId,
	DocumentId,
	EnvelopeId,
	OrganisationId,
	PrincipalId,
	SpaceId,
	SubmissionId
} from '#schema/ids.ts';
import type { MailboxRole } from '#schema/mail/mailbox.ts';
import { systemMailbox } from '#schema/mail/mailbox.ts';
import { isSuccessorOf } from '#schema/mail/submission.ts';
import { encodeAny } from '#schema/protocol/frames.ts';
import type { CommandFrame, CommandResult } from '#schema/protocol/messages.ts';
import type { Opening, Pack } from '#schema/space/entry.ts';
import type { Chance } from '#schema/trial/chance.ts';
import { li, profileOfLi } from '#schema/trial/people.ts';
import { blobHashOf } from '../../sync-server/store/blobs/blob-store.ts';
import { openStoreInProcess } from '../../sync-server/store/in-process.ts';
import { spaceKind, type SpaceKind } from '../../sync-server/store/space/kind.ts';
import type { ParsedMessage } from '../../sync-server/store/space/parsed-message.ts';
import { spacePath } from '../../sync-server/store/space/path.ts';
import type { JoinThread } from '../../sync-server/store/space/threads.ts';
import type { Store, StoreFile } from '../../sync-server/store/store.ts';
import type { SyncAccount } from '../../sync-server/sync/account.ts';
import type { Commander } from '../../sync-server/sync/commands.ts';
import { SyncHub } from '../../sync-server/sync/hub.ts';
import { spacesIn } from '../../sync-server/sync/spaces.ts';
import type { VirtualTime } from './virtual-time.ts';

export const space = 'space-of-li' as SpaceId;
const principal = 'li' as PrincipalId;

/** How long a letter can be called back, milliseconds. */
const hold = 10_000;

/** Threads by References alone. */
const joinByReferences: JoinThread = ({ messageId, references }, _at, known) => {
	const remember = [messageId, ...references];
	const found = references.map((id) => known.byMessageId(id)).filter((thread) => thread !== null);
	const [first, ...rest] = new Set(found);
	return first === undefined
		? { kind: 'new', remember }
		: { kind: 'join', threads: [first, ...rest], remember };
};

/** The real sync edge over the real store, in this process, with one mailbox in it. It can be restarted. */
export class MailServer {
	readonly #time: VirtualTime;
	readonly #chance: Chance;
	readonly #folder = mkdtempSync(path.join(tmpdir(), 'hongyan-convergence-'));
	readonly failures: unknown[] = [];
	#store: Store | undefined;
	#hub: SyncHub | undefined;
	#delivered = 0;
	/** Letters released, by submission, with how often. */
	readonly released = new Map<string, number>();
	/** Files that letters were taken with. */
	readonly takenWith = new Map<SubmissionId, readonly AttachmentId[]>();

	constructor(time: VirtualTime, chance: Chance) {
		this.#time = time;
		this.#chance = chance;
	}

	/** The person, as a connection of that session has it. */
	account(session: string): SyncAccount {
		const spaces = [{ space, kind: 'mailbox', access: 'write' }] as const;
		return {
			session,
			goodUntil: Number.MAX_SAFE_INTEGER,
			standing: () => Promise.resolve(Number.MAX_SAFE_INTEGER),
			principal,
			spaces,
			used: () => Promise.resolve(true)
		};
	}

	get hub(): SyncHub {
		if (this.#hub === undefined) throw new Error('the server is not running');
		return this.#hub;
	}

	get file(): StoreFile<SpaceKind> {
		if (this.#store === undefined) throw new Error('the server is not running');
		return this.#store.file<SpaceKind>('space', spacePath(space));
	}

	get isRunning(): boolean {
		return this.#hub !== undefined;
	}

	/** Messages delivered so far; they are numbered from 1. */
	get delivered(): number {
		return this.#delivered;
	}

	async start(): Promise<void> {
		const clock = () => this.#time.now;
		const random = (length: number) => this.#chance.bytes(length);
		const store = openStoreInProcess([spaceKind(joinByReferences)], this.#folder, { clock, random });
		this.#store = store;
		const organisation = 'org' as OrganisationId;
		await this.file.call('create', { space, principal, organisation, spaceKind: 'mailbox' });
		const hub = new SyncHub({
			clock,
			random,
			spaces: spacesIn(store),
			commands: { execute: (command, by) => this.#execute(command, by) },
			profile: () => Promise.resolve(profileOfLi),
			greeted: () => Promise.resolve(),
			pushed: () => undefined,
			failed: (error) => this.failures.push(error)
		});
		store.subscribe((event) => hub.heard(event));
		this.#hub = hub;
	}

	async stop(): Promise<void> {
		await this.#store?.close();
		this.#store = undefined;
		this.#hub = undefined;
	}

	/** Delivers one message; `references` are numbers of earlier ones. */
	async deliver(mailbox: MailboxRole, references: readonly number[] = []): Promise<void> {
		this.#delivered += 1;
		const number = this.#delivered;
		const messageId = `${number}@outside.example`;
		const ids = references.map((earlier) => `${earlier}@outside.example`);
		await this.file.call('place', {
			envelope: `envelope-${number}` as EnvelopeId,
			recipient: li.address,
			receivedAt: this.#time.now,
			mailbox: systemMailbox(mailbox),
			keywords: [],
			parsed: parsed(messageId, ids),
			body: { kind: 'inline', bytes: new Uint8Array(10) }
		});
	}

	/** What a device reads over HTTP: status and body. */
	async read(url: URL): Promise<{ readonly status: number; readonly body: Uint8Array }> {
		const nothing = { body: new Uint8Array() };
		if (this.#store === undefined) return { status: 503, ...nothing };
		const since = url.searchParams.get('since');
		if (since !== null) return this.#readSince(url, Number(since));
		if (url.pathname === `/api/spaces/${space}/opening`) {
			return { status: 200, body: encodeAny(await this.file.call('opening')) };
		}
		if (url.pathname === `/api/spaces/${space}/packs`) {
			const before = Number(url.searchParams.get('before'));
			const count = Number(url.searchParams.get('count'));
			const pack = await this.file.call('pack', { before, count });
			return pack === 'done' ? { status: 404, ...nothing } : { status: 200, body: encodeAny(pack) };
		}
		if (url.pathname === `/api/spaces/${space}/contents`) {
			const arrivals = (url.searchParams.get('arrivals') ?? '').split(',').map(Number);
			return { status: 200, body: encodeAny(await this.file.call('contents', { arrivals })) };
		}
		return { status: url.pathname === '/api/session' ? 200 : 404, ...nothing };
	}

	/** What a device reads that stands below the log's floor. */
	async #readSince(url: URL, since: number) {
		const before = url.searchParams.get('before');
		const answer =
			before === null
				? await this.file.call('opening-since', { since })
				: await this.file.call('changed-pack', { since, before: Number(before), count: 50 });
		return answer === 'done'
			? { status: 404, body: new Uint8Array() }
			: { status: 200, body: encodeAny(answer) };
	}

	/** Takes a draft's file as a device puts it; its status as HTTP has it. */
	async upload(url: URL, bytes: Uint8Array): Promise<number> {
		if (this.#store === undefined) return 503;
		const id = url.pathname.split('/').at(-1) as AttachmentId;
		const { document, name, type } = Object.fromEntries(url.searchParams);
		const hash = blobHashOf(createHash('sha256').update(bytes).digest());
		const answer = await this.file.call('attachment-put', {
			...{ id, document: document as DocumentId, name: name ?? '', type: type ?? '', device: null },
			body: { kind: 'inline', hash, bytes }
		});
		return answer.kind === 'stored' ? 201 : 409;
	}

	/** The bytes of a draft's file; null where it is not here. */
	async fileBytes(id: AttachmentId): Promise<Uint8Array | null> {
		const found = await this.file.call('attachment-get', { id });
		return found?.body.kind === 'inline' ? found.body.bytes : null;
	}

	opening(): Promise<Opening> {
		return this.file.call('opening');
	}

	/** Every message there is, with its registers. */
	async everything(): Promise<Pick<Pack, 'messages' | 'registers'>> {
		const messages: Pack['messages'][number][] = [];
		const registers: Pack['registers'][number][] = [];
		let before = (await this.opening()).arrivals;
		while (before > 0) {
			const pack = await this.file.call('pack', { before, count: 500 });
			if (pack === 'done') break;
			messages.push(...pack.messages);
			registers.push(...pack.registers);
			before = pack.from;
		}
		return { messages, registers };
	}

	async #execute({ id, body }: CommandFrame, { device }: Commander): Promise<CommandResult> {
		switch (body.name) {
			case 'submit': {
				const { submission, document, generation, letter } = body;
				const envelope = `envelope-${submission}` as EnvelopeId;
				const releaseAt = this.#time.now + hold;
				for (const file of letter.attachments) {
					const found = await this.file.call('attachment-get', { id: file });
					const isOurs =
						found !== null && (found.document === document || isSuccessorOf(document, found.document));
					if (!isOurs) return { kind: 'refused', code: 'attachment-missing', detail: file };
				}
				const answer = await this.file.call('submit', {
					...{ submission, envelope, device, command: id, document, generation, releaseAt },
					payloadHash: JSON.stringify(letter),
					subject: letter.subject,
					recipients: letter.to,
					parsed: parsed(`${submission}@hongyan.example`, []),
					body: { kind: 'inline', bytes: new Uint8Array(10) }
				});
				this.#time.after(hold, () => void this.#release(submission, envelope));
				if (answer.kind === 'accepted') this.takenWith.set(submission, letter.attachments);
				if (answer.kind === 'accepted') return { kind: 'submitted', releaseAt: answer.releaseAt };
				return answer.kind === 'replay' ? answer.result : answer;
			}
			case 'cancel-submission':
				return this.file.call('cancel-submission', { submission: body.submission, device, command: id });
			case 'release-submission':
				return this.file.call('release-early', { submission: body.submission, device, command: id });
			case 'purge':
				return this.file.call('purge', { arrivals: body.arrivals, seen: body.seen, device, command: id });
			case 'send-again':
				return { kind: 'done' };
		}
	}

	/** The queue lets a letter go, unless it was called back. */
	async #release(submission: SubmissionId, envelope: EnvelopeId): Promise<void> {
		if (this.#store === undefined) {
			this.#time.after(hold, () => void this.#release(submission, envelope));
			return;
		}
		const [before] = await this.file.call('submission-state', { submissions: [submission] });
		const answer = await this.file.call('release', { submission, envelope });
		if (answer === 'released' && before !== 'queued') {
			this.released.set(submission, (this.released.get(submission) ?? 0) + 1);
		}
	}
}

function parsed(messageId: string, references: readonly string[]): ParsedMessage {
	return {
		summary: {
			messageId,
			from: [{ name: 'Wang', address: 'wang@outside.example' }],
			to: [],
			cc: [],
			replyTo: [],
			subject: `Letter ${messageId}`,
			snippet: '',
			sentAt: null,
			size: 10,
			attachments: 0
		},
		threadKeys: { messageId, references, baseSubject: '', isReply: references.length > 0 },
		content: { text: 'x', html: null, parts: [], defects: [], parser: 1 }
	};
}
