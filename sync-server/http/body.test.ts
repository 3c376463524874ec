import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CommandId, DeviceId } from '#schema/ids.ts';
import { systemMailbox } from '#schema/mail/mailbox.ts';
import { collectionAge, type BlobKey, type BlobStore } from '../store/blobs/blob-store.ts';
import { openSite, type SiteStage } from './trial/site-stage.ts';

let site: SiteStage;
let cookie: string;
/** What happens just before, and just after, the edge asks the blob store for bytes. */
let before: () => Promise<void>;
let after: () => Promise<void>;
/** Does to what the blob store gives what a test wants done. */
let damaged: (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

const nothing = async () => undefined;

function interrupted(blobs: BlobStore): BlobStore {
	const between = async <Value>(asked: () => Promise<Value>): Promise<Value> => {
		await before();
		const answer = await asked();
		await after();
		return answer;
	};
	return {
		put: (...input) => blobs.put(...input),
		get: async (...input) => {
			const found = await between(() => blobs.get(...input));
			return found === null ? null : damaged(found);
		},
		fileOf: (key) => between(() => blobs.fileOf(key)),
		stat: (key) => blobs.stat(key),
		reserve: (key) => blobs.reserve(key),
		collect: (...input) => blobs.collect(...input)
	};
}

beforeEach(async () => {
	before = nothing;
	after = nothing;
	damaged = (chunks) => chunks;
	site = await openSite({ blobsOf: interrupted });
	cookie = await site.signIn();
});
afterEach(() => site.close());

function get(route: string): Promise<Response> {
	return site.fetch(`/api/spaces/${site.space}${route}`, { headers: { cookie } });
}

async function* noReferences(): AsyncIterable<BlobKey> {
	// Nobody refers to any blob.
}

async function collect(): Promise<void> {
	site.time.now += 2 * collectionAge;
	expect(await site.blobs.collect(noReferences())).toMatchObject({ kept: 0, removed: 1 });
}

/** Removes the only message for good, as a person does, and its bytes, as upkeep does. */
async function purge(): Promise<void> {
	const { cursor } = await site.file.call('opening');
	const command = { command: 'purge' as CommandId, device: 'phone' as DeviceId };
	await site.file.call('purge', { ...command, arrivals: [0, 1], seen: cursor });
	await collect();
}

/** A message whose only part is a file of so many bytes. */
const letterOf = (bytes: number) =>
	`Content-Type: application/zip\r\nContent-Disposition: attachment\r\n\r\n${'x'.repeat(bytes)}`;
const middle = letterOf(100_000);
const large = letterOf(600_000);

it('an answer is given up whose reader has stopped reading, and what it holds is let go', async () => {
	await site.close();
	site = await openSite({ blobsOf: interrupted, patience: 300 });
	cookie = await site.signIn();
	await site.place(letterOf(10_000_000));
	const { promise: letGo, resolve } = Promise.withResolvers<undefined>();
	damaged = async function* (chunks) {
		try {
			yield* chunks;
		} finally {
			resolve(undefined);
		}
	};
	const { hostname, port } = new URL(site.url);
	const reader = connect(Number(port), hostname).on('error', () => undefined);
	reader.pause();
	reader.write(
		`GET /api/spaces/${site.space}/messages/0/raw HTTP/1.1\r\nHost: x\r\nCookie: ${cookie}\r\n\r\n`
	);
	await letGo;
	reader.destroy();
});

describe('bytes that go while they are asked for', () => {
	it.each([
		{ route: 'raw', size: 'middle size', letter: middle },
		{ route: 'parts/1', size: 'middle size', letter: middle },
		{ route: 'parts/1', size: 'large size', letter: large }
	])('[S45] of a purged message are not there: $route, $size', async ({ route, letter }) => {
		await site.place(letter, systemMailbox('trash'));
		before = purge;
		const response = await get(`/messages/0/${route}`);
		expect([response.status, await response.json()]).toEqual([404, { code: 'unknown-subject' }]);
		expect(site.failures).toEqual([]);
	});

	it.each([
		{ size: 'middle size', letter: middle },
		{ size: 'large size', letter: large }
	])('[S45] are not there if that is while a part waits to be read: $size', async ({ letter }) => {
		await site.place(letter, systemMailbox('trash'));
		after = purge;
		const response = await get('/messages/0/parts/1');
		expect([response.status, await response.json()]).toEqual([404, { code: 'unknown-subject' }]);
		expect(site.failures).toEqual([]);
	});

	it('[S45] are given to the end where they were found already', async () => {
		await site.place(middle, systemMailbox('trash'));
		after = purge;
		expect(await (await get('/messages/0/raw')).text()).toBe(middle);
	});

	it.each(['/messages/0/raw', '/messages/0/parts/1', '/attachments/a1'])(
		'[S45] although they are still referred to are a fault: %s',
		async (route) => {
			await (route.startsWith('/attachments') ? putFile() : site.place(large));
			before = collect;
			const response = await get(route);
			expect([response.status, await response.json()]).toEqual([500, { code: 'internal' }]);
			expect(site.failures).toMatchObject([{ kind: 'broken' }]);
		}
	);

	it('[S45] end the connection where the answer has begun, so that nobody takes it for whole', async () => {
		await site.place(randomBytes(200_000));
		damaged = breakingOff;
		const response = await get('/messages/0/raw');
		expect(response.status).toBe(200);
		await expect(response.arrayBuffer()).rejects.toThrow();
		damaged = (chunks) => chunks;
		expect((await (await get('/messages/0/raw')).arrayBuffer()).byteLength).toBe(200_000);
	});

	async function putFile(): Promise<void> {
		const url = `/api/spaces/${site.space}/attachments/a1?document=d1&name=a.txt`;
		const headers = { cookie, 'content-type': 'application/octet-stream' };
		await site.fetch(url, { method: 'PUT', headers, body: new Uint8Array(100_000) });
	}
});

async function* breakingOff(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
	for await (const chunk of chunks) {
		yield chunk;
		throw new Error('the disk is gone');
	}
}
