import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pino } from 'pino';
import type { SpaceId } from '#schema/ids.ts';
import type { MailboxRole } from '#schema/mail/mailbox.ts';
import type { Opening } from '#schema/space/entry.ts';
import { countingRandom } from '#schema/trial/counting-random.ts';
import { createDirectory, type Directory } from '../../accounts/directory.ts';
import { directoryKind } from '../../accounts/kind.ts';
import { parseMessage } from '../../mail/parse.ts';
import { joinThread } from '../../mail/thread.ts';
import type { BlobStore } from '../../store/blobs/blob-store.ts';
import { fileBlobs } from '../../store/blobs/file-blobs.ts';
import { openStoreInProcess } from '../../store/in-process.ts';
import { spaceKind, type SpaceKind } from '../../store/space/kind.ts';
import { spacePath } from '../../store/space/path.ts';
import type { Store, StoreFile } from '../../store/store.ts';
import { readContent } from '../content.ts';
import { noCounters } from '../counters.ts';
import type { MessageParser } from '../inside.ts';
import { queueKind } from '../kind.ts';
import { createQueue, queuePath, type Queue } from '../queue.ts';
import { destinationOf, type Recipient } from '../recipients.ts';
import type { Smarthost } from '../smarthost.ts';
import { ManualClock } from './manual-clock.ts';

/** A whole office for tests: store, directory with two people, blobs and queue, everything real, in this process. */

export interface OfficeOptions {
	readonly smarthost?: Smarthost | null;
	/** Pages of 4096 bytes that the queue's file may have. */
	readonly queuePages?: number;
	readonly messageBytes?: number;
	readonly undoFor?: number;
	readonly parser?: MessageParser;
	/** Address of the account that receives postmaster's mail. */
	readonly postmaster?: string;
	/** What the queue gets in place of the store, so that it can be killed at one of its calls. */
	readonly storeOf?: (store: Store) => Store;
	/** What the queue gets in place of the blob store, so that it can be watched. */
	readonly blobsOf?: (blobs: BlobStore) => BlobStore;
}

/** A message as it lies in somebody's mailbox. */
export interface Lying {
	readonly subject: string;
	readonly raw: string;
}

export const startOfTime = Date.UTC(2026, 10, 23, 9);
export const li = 'li@hongyan.example';
export const wang = 'wang@hongyan.example';
export const password = 'right password';

const inThisThread: MessageParser = {
	parse: async (message) => parseMessage('path' in message ? await readFile(message.path) : message)
};

const cheap = { memory: 64, passes: 1, lanes: 1 };

export class Office {
	readonly clock = new ManualClock(startOfTime);
	readonly random = countingRandom();
	readonly folder = mkdtempSync(path.join(tmpdir(), 'hongyan-office-'));
	readonly logged: string[] = [];
	options: OfficeOptions;
	store!: Store;
	directory!: Directory;
	blobs!: BlobStore;
	queue!: Queue;
	#endProcess: () => void = () => undefined;

	private constructor(options: OfficeOptions) {
		this.options = options;
	}

	/** Opens an office where Li and Wang work, with its queue running. */
	static async open(options: OfficeOptions = {}): Promise<Office> {
		const office = new Office(options);
		office.#openStore();
		await office.directory.found('鸿雁科技', ['hongyan.example']);
		await office.directory.putDepartment({ id: 'product', parent: null, name: '产品部', position: 0 });
		await office.#add('李明', [li, 'ming@hongyan.example']);
		await office.#add('王芳', [wang]);
		await office.#openQueue();
		await office.queue.idle();
		return office;
	}

	/**
	 * Ends the process as a crash does, nothing told to anybody, and starts another on the same files; waits
	 * until that has done what was due, or is dead too.
	 */
	async crash(options: OfficeOptions = this.options, killed?: Promise<unknown>): Promise<void> {
		this.#endProcess();
		await this.store.close();
		this.options.smarthost?.abort();
		this.options = options;
		this.#openStore();
		const idle = this.#openQueue().then(() => this.queue.idle());
		await Promise.race(killed === undefined ? [idle] : [idle, killed]);
	}

	async close(): Promise<void> {
		await this.queue.stop(0);
		this.#endProcess();
		await this.store.close();
		rmSync(this.folder, { recursive: true });
	}

	/** Moves time on and waits until everything that came due is done. */
	async advance(milliseconds: number): Promise<void> {
		this.clock.advance(milliseconds);
		await this.queue.idle();
	}

	async recipient(address: string): Promise<Recipient> {
		return { address, destination: destinationOf(await this.directory.resolveRecipient(address)) };
	}

	async spaceOf(address: string): Promise<SpaceId> {
		const { destination } = await this.recipient(address);
		if (destination.kind !== 'inside') throw new Error(`${address} is not inside`);
		return destination.space;
	}

	async file(address: string): Promise<StoreFile<SpaceKind>> {
		return this.store.file<SpaceKind>('space', spacePath(await this.spaceOf(address)));
	}

	queueFile(): StoreFile<typeof queueKind> {
		return this.store.file<typeof queueKind>('queue', queuePath);
	}

	async opening(address: string): Promise<Opening> {
		return (await this.file(address)).call('opening');
	}

	/** What lies in a mailbox of somebody, in the order it came. */
	async mailbox(address: string, role: MailboxRole = 'inbox'): Promise<Lying[]> {
		const file = await this.file(address);
		const { arrivals } = await this.opening(address);
		const lying: Lying[] = [];
		for (let arrival = 0; arrival < arrivals; arrival += 1) {
			const message = await file.call('message', { arrival });
			const mailbox: string | undefined = message?.mailbox;
			if (message === null || mailbox !== role) continue;
			lying.push({ subject: await this.#subject(address, arrival), raw: await this.#raw(message.body) });
		}
		return lying;
	}

	/** Accepts a message as from another server. */
	accept(raw: string | Buffer, to: readonly string[], sender = 'far@outside.example', peer = '192.0.2.1') {
		return this.acceptPieces(pieces(Buffer.from(raw)), to, sender, peer);
	}

	/** Accepts a message that comes in pieces. */
	async acceptPieces(
		source: AsyncIterable<Uint8Array>,
		to: readonly string[],
		sender = 'far@outside.example',
		peer = '192.0.2.1'
	) {
		const content = await this.queue.collect(source);
		try {
			const recipients = await Promise.all(to.map((address) => this.recipient(address)));
			const trace = { peer, helo: 'mx.outside.example', protocol: 'ESMTP', by: 'hongyan.example' };
			return await this.queue.accept({ sender, recipients, trace }, content);
		} finally {
			content.release();
		}
	}

	#openStore(): void {
		const { queuePages, postmaster = null } = this.options;
		this.store = openStoreInProcess([queueKind, spaceKind(joinThread), directoryKind], this.folder, {
			clock: this.clock.now,
			random: this.random,
			...(queuePages === undefined ? {} : { limits: { queue: { maxPages: queuePages } } })
		});
		this.directory = createDirectory(this.store, {
			clock: this.clock.now,
			random: this.random,
			cost: cheap,
			postmaster
		});
		this.blobs = fileBlobs({ directory: path.join(this.folder, 'blobs'), clock: this.clock.now });
	}

	async #openQueue(): Promise<void> {
		const { clock, end } = this.clock.process();
		this.#endProcess = end;
		const organisation = await this.directory.organisation();
		if (organisation === null) throw new Error('there is no organisation');
		const { smarthost = null, messageBytes = 50_000_000, undoFor = 10_000 } = this.options;
		this.queue = createQueue({
			store: this.options.storeOf?.(this.store) ?? this.store,
			blobs: this.options.blobsOf?.(this.blobs) ?? this.blobs,
			parser: this.options.parser ?? inThisThread,
			directory: this.directory,
			smarthost,
			organisation: organisation.id,
			name: 'mx.hongyan.example',
			domain: 'hongyan.example',
			limits: { messageBytes, undoFor, gatherFor: 0 },
			clock,
			random: this.random,
			logger: pino({ level: 'trace' }, { write: (line) => void this.logged.push(line) }),
			counters: noCounters
		});
		await this.queue.start();
	}

	async #add(name: string, addresses: readonly [string, ...string[]]): Promise<void> {
		const [first, ...others] = addresses.map((address) => ({ name, address }));
		if (first === undefined) return;
		const person = {
			name,
			department: 'product',
			title: '',
			password,
			identities: [first, ...others] as const
		};
		await this.directory.addPerson(person, async ({ space, principal, organisation }) => {
			const file = this.store.file<SpaceKind>('space', spacePath(space));
			await file.call('create', { space, organisation: organisation.id, principal, spaceKind: 'mailbox' });
		});
	}

	async #subject(address: string, arrival: number): Promise<string> {
		const pack = await (await this.file(address)).call('pack', { before: arrival + 1, count: 1 });
		return pack === 'done' ? '' : (pack.messages[0]?.summary.subject ?? '');
	}

	async #raw(body: { kind: 'inline'; bytes: Uint8Array } | { kind: 'blob'; hash: string }): Promise<string> {
		if (body.kind === 'inline') return Buffer.from(body.bytes).toString('latin1');
		const organisation = (await this.directory.organisation())?.id;
		if (organisation === undefined) throw new Error('there is no organisation');
		const dataHash = Buffer.from(body.hash, 'hex');
		const read: Uint8Array[] = [];
		const content = { organisation, dataHash, content: { kind: 'blob' } } as const;
		for await (const piece of readContent(this.blobs, content)) read.push(piece);
		return Buffer.concat(read).toString('latin1');
	}
}

/** Bytes as they come from a socket, in pieces. */
export async function* pieces(bytes: Buffer, size = 16_384): AsyncGenerator<Uint8Array> {
	for (let start = 0; start < bytes.byteLength; start += size) {
		yield Promise.resolve(bytes.subarray(start, start + size));
	}
}
