import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import type { EnvelopeId, MailboxId, OrganisationId, PrincipalId, SpaceId } from '#schema/ids.ts';
import { systemMailbox } from '#schema/mail/mailbox.ts';
import { li } from '#schema/trial/people.ts';
import { createDirectory, directoryPath, type Directory } from '../../accounts/directory.ts';
import { directoryKind } from '../../accounts/kind.ts';
import type { SignInRates } from '../../accounts/sign-in.ts';
import { parseMessage } from '../../mail/parse.ts';
import { joinThread } from '../../mail/thread.ts';
import { inlineLimit, type BlobStore } from '../../store/blobs/blob-store.ts';
import { fileBlobs } from '../../store/blobs/file-blobs.ts';
import { openStoreInProcess, type InProcessOptions } from '../../store/in-process.ts';
import { spaceKind, type SpaceKind } from '../../store/space/kind.ts';
import { spacePath } from '../../store/space/path.ts';
import type { StoreFile } from '../../store/store.ts';
import { createHttpApp } from '../app.ts';
import { scriptSourcesOf } from '../content-security.ts';
import { PartReader } from '../part-reader.ts';
import { startHttp, type HttpServerOptions } from '../server.ts';
import { Site, type SiteOptions } from '../site.ts';
import type { AcceptSocket } from '../web-socket.ts';

/** The page that the trial's build holds, and its script. */
export const trialPage = '<!doctype html><html><body><script>start()</script></body></html>';
export const trialScriptSource = `'sha256-${'A'.repeat(43)}='`;

/** Writes what a build of the web app leaves, in small. */
function writeBuild(folder: string): string {
	const build = path.join(folder, 'build');
	mkdirSync(path.join(build, '_app/immutable'), { recursive: true });
	const write = (name: string, content: string | Buffer) => writeFileSync(path.join(build, name), content);
	write('index.html', trialPage);
	write('service-worker.js', 'self.skip');
	write('csp.json', JSON.stringify({ scriptSources: [trialScriptSource] }));
	const script = 'export const answer = 42;'.repeat(20);
	write('_app/immutable/start.js', script);
	write('_app/immutable/start.js.br', brotliCompressSync(script));
	write('_app/version.json', '{}');
	return build;
}

export const trialPassword = 'the right password';

/** The HTTP edge on a real port, over a real store in this process, with one person in it. */
export interface SiteStage {
	readonly url: string;
	/** The folder of the built app. */
	readonly build: string;
	readonly directory: Directory;
	readonly space: SpaceId;
	readonly file: StoreFile<SpaceKind>;
	readonly time: { now: number };
	readonly failures: unknown[];
	/** Method and status of every answer. */
	readonly answered: (readonly [string, number])[];
	/** What is missing for the server to be ready. */
	readonly lacking: string[];
	/** A request as a page of the site makes it. */
	fetch(
		path: string,
		init?: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> }
	): Promise<Response>;
	/** Signs in and answers the cookie. */
	signIn(): Promise<string>;
	/** A message in the inbox, or in another mailbox. */
	place(raw: string | Buffer, mailbox?: MailboxId): Promise<number>;
	readonly blobs: BlobStore;
	/** The recorded sign-ins of somebody, newest first. */
	signIns(principal: PrincipalId): Promise<readonly { readonly peer: string }[]>;
	close(): Promise<void>;
}

export interface SiteStageOptions {
	readonly site?: Partial<SiteOptions>;
	readonly rates?: SignInRates;
	readonly acceptSocket?: AcceptSocket;
	readonly store?: Partial<InProcessOptions>;
	readonly metricsAreOpen?: boolean;
	readonly tls?: HttpServerOptions['tls'];
	readonly patience?: number;
	/** What the edge reads blobs through. */
	readonly blobsOf?: (blobs: BlobStore) => BlobStore;
}

async function openPeople(folder: string, time: { now: number }, options: SiteStageOptions) {
	const clock = () => time.now;
	const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
	const kinds = [spaceKind(joinThread), directoryKind];
	const store = openStoreInProcess(kinds, path.join(folder, 'data'), { clock, random, ...options.store });
	const cost = { memory: 64, passes: 1, lanes: 1 };
	const rates = options.rates === undefined ? {} : { rates: options.rates };
	const directory = createDirectory(store, { clock, random, cost, ...rates });
	const { id } = await directory.found('鸿雁科技', ['hongyan.example']);
	const own: SpaceId[] = [];
	const person = {
		name: li.name,
		department: null,
		title: '',
		password: trialPassword,
		identities: [li] as const
	};
	await directory.addPerson(person, async ({ space, principal }) => {
		own.push(space);
		const file = store.file<SpaceKind>('space', spacePath(space));
		await file.call('create', { space, principal, organisation: id, spaceKind: 'mailbox' });
	});
	return { store, directory, organisation: id, space: own[0] ?? ('' as SpaceId) };
}

/** Opens a stage; `close` it in the end. */
export async function openSite(options: SiteStageOptions = {}): Promise<SiteStage> {
	const folder = mkdtempSync(path.join(tmpdir(), 'hongyan-http-'));
	const time = { now: Date.UTC(2026, 10, 23, 9) };
	const { store, directory, organisation, space } = await openPeople(folder, time, options);
	const blobs = fileBlobs({ directory: path.join(folder, 'blobs'), clock: () => time.now });
	const { tls = null } = options;
	const patience = options.patience === undefined ? {} : { patience: options.patience };
	const failures: unknown[] = [];
	const answered: (readonly [string, number])[] = [];
	const lacking: string[] = [];
	const reader = new PartReader({ directory: path.join(folder, 'parts') });
	const build = writeBuild(folder);
	const app = createHttpApp({
		site: new Site({ publicUrl: null, tls: tls !== null, trustedProxies: [], ...options.site }),
		clock: () => time.now,
		build,
		scriptSources: scriptSourcesOf(build, (error) => failures.push(error)),
		directory,
		spaces: {
			space: (id) => store.file<SpaceKind>('space', spacePath(id)),
			blobs: options.blobsOf?.(blobs) ?? blobs,
			organisation,
			readPart: (message, section) => reader.read(message, section)
		},
		observe: {
			missing: async () => lacking,
			metricsPage: async () => ({ text: 'metrics 1\n', type: 'text/plain' }),
			isOpen: options.metricsAreOpen ?? false
		},
		acceptSocket: options.acceptSocket ?? (() => ({ receive: () => undefined, closed: () => undefined })),
		attempted: () => undefined,
		answered: (method, status) => answered.push([method, status]),
		failed: (error) => failures.push(error)
	});
	const server = await startHttp(app, { host: '127.0.0.1', port: 0, tls, ...patience });
	const url = `${tls === null ? 'http' : 'https'}://127.0.0.1:${server.port}`;
	const file = store.file<SpaceKind>('space', spacePath(space));
	const stage = { url, build, directory, space, file, blobs, time, failures, answered, lacking };
	return {
		...stage,
		fetch: (route, init = {}) =>
			fetch(url + route, { ...init, headers: { origin: url, ...init.headers }, redirect: 'manual' }),
		signIn: () => signIn(url),
		place: (raw, mailbox = systemMailbox('inbox')) =>
			place({ file, blobs, organisation, mailbox, receivedAt: time.now }, Buffer.from(raw)),
		signIns: (principal) =>
			store.file<typeof directoryKind>('directory', directoryPath).call('sign-ins', { principal, count: 10 }),
		close: async () => {
			await server.close();
			await store.close();
			rmSync(folder, { recursive: true });
		}
	};
}

async function signIn(url: string): Promise<string> {
	const response = await fetch(`${url}/api/session`, {
		method: 'POST',
		headers: { origin: url, 'content-type': 'application/json' },
		body: JSON.stringify({ address: 'li@hongyan.example', password: trialPassword, publicComputer: false })
	});
	return response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
}

interface Place {
	readonly file: StoreFile<SpaceKind>;
	readonly blobs: BlobStore;
	readonly organisation: OrganisationId;
	readonly mailbox: MailboxId;
	readonly receivedAt: number;
}

/** Places a message as the queue does. */
async function place(
	{ file, blobs, organisation, mailbox, receivedAt }: Place,
	raw: Buffer
): Promise<number> {
	const stored = raw.byteLength <= inlineLimit ? null : await blobs.put(organisation, raw, raw.byteLength);
	const { arrival } = await file.call('place', {
		envelope: `envelope-${crypto.randomUUID()}` as EnvelopeId,
		recipient: 'li@hongyan.example',
		receivedAt,
		mailbox,
		keywords: [],
		parsed: parseMessage(raw),
		body:
			stored === null
				? { kind: 'inline', bytes: raw }
				: { kind: 'blob', hash: stored.hash, size: stored.size }
	});
	stored?.reservation.release();
	return arrival;
}
