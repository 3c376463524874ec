import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { decodeAny } from '#schema/protocol/frames.ts';
import type { ChangedPack, Opening, Pack } from '#schema/space/entry.ts';
import { openSite, type SiteStage } from './trial/site-stage.ts';

let site: SiteStage;
let cookie: string;
beforeEach(async () => {
	site = await openSite();
	cookie = await site.signIn();
});
afterEach(async () => {
	expect(site.failures).toEqual([]);
	await site.close();
});

function get(route: string, headers: Record<string, string> = {}): Promise<Response> {
	return site.fetch(`/api/spaces/${site.space}${route}`, { headers: { cookie, ...headers } });
}

async function decoded<Value>(response: Response): Promise<Value> {
	return decodeAny(new Uint8Array(await response.arrayBuffer())) as Value;
}

function put(
	id: string,
	body: string | Uint8Array<ArrayBuffer>,
	query = 'document=d1&name=a.txt&type=text%2Fplain'
): Promise<Response> {
	return site.fetch(`/api/spaces/${site.space}/attachments/${id}?${query}`, {
		method: 'PUT',
		headers: { cookie, 'content-type': 'application/octet-stream' },
		body
	});
}

const letter = [
	'From: Wang <wang@outside.example>',
	'To: li@hongyan.example',
	'Subject: with a file',
	'MIME-Version: 1.0',
	'Content-Type: multipart/mixed; boundary=b',
	'',
	'--b',
	'Content-Type: text/plain; charset=utf-8',
	'',
	'你好',
	'--b',
	'Content-Type: text/html; name="页面.html"',
	'Content-Disposition: attachment; filename="page.html"',
	'Content-Transfer-Encoding: base64',
	'',
	Buffer.from('<script>alert(1)</script>').toString('base64'),
	'--b',
	'Content-Type: image/png; name="dot.png"',
	'Content-Disposition: attachment',
	'Content-Transfer-Encoding: base64',
	'',
	Buffer.from('not really a picture').toString('base64'),
	'--b--',
	''
].join('\r\n');

describe('a space over HTTP', () => {
	it('is read only by its owner, and others learn nothing', async () => {
		const routes = [
			'/opening',
			'/packs?before=1&count=1',
			'/messages/0/raw',
			'/contents?arrivals=0',
			'/attachments/x'
		];
		for (const route of routes) {
			const stranger = await site.fetch(`/api/spaces/${site.space}${route}`);
			expect([route, stranger.status]).toEqual([route, 401]);
			const other = await site.fetch(`/api/spaces/somebody-elses${route}`, { headers: { cookie } });
			expect([route, other.status, await other.json()]).toEqual([route, 404, { code: 'unknown-space' }]);
		}
	});

	it('[S19] gives the opening and packs, not to be kept by anybody on the way', async () => {
		for (let count = 0; count < 5; count += 1) await site.place(letter);
		const response = await get('/opening');
		expect([response.headers.get('cache-control'), response.headers.get('content-type')]).toEqual([
			'no-store',
			'application/octet-stream'
		]);
		expect(await decoded<Opening>(response)).toMatchObject({
			arrivals: 5,
			counters: { inbox: { total: 5 } }
		});
		const pack = await decoded<Pack>(await get('/packs?before=5&count=2'));
		expect(pack.messages.map(({ arrival }) => arrival)).toEqual([4, 3]);
		expect((await get('/packs?before=0&count=2')).status).toBe(404);
		for (const query of [
			'',
			'before=-1&count=2',
			'before=1&count=0',
			'before=1&count=501',
			'before=x&count=1'
		]) {
			expect([query, (await get(`/packs?${query}`)).status]).toEqual([query, 400]);
		}
	});

	it('[S44] gives what changed since an entry: the opening, and packs', async () => {
		for (let count = 0; count < 5; count += 1) await site.place(letter);
		expect(await decoded<Opening>(await get('/opening?since=3'))).toMatchObject({ arrivals: 5 });
		const response = await get('/packs?since=3&before=5&count=10');
		expect(response.headers.get('cache-control')).toBe('no-store');
		const pack = await decoded<ChangedPack>(response);
		expect(pack).toMatchObject({ from: 0, to: 5, withdrawn: [] });
		expect(pack.arrived.map(({ arrival }) => arrival)).toEqual([4, 3]);
		expect((await get('/packs?since=3&before=0&count=10')).status).toBe(404);
		for (const query of ['/opening?since=x', '/opening?since=-1', '/packs?since=1&before=5']) {
			expect([query, (await get(query)).status]).toEqual([query, 400]);
		}
		expect((await get('/packs?since=1&before=5&count=1001')).status).toBe(400);
	});

	it('gives the content of one message, and of up to fifty', async () => {
		await site.place(letter);
		await site.place(letter);
		const one = await get('/messages/1/content');
		expect(await one.json()).toMatchObject({ text: '你好', parts: [{ section: '2' }, { section: '3' }] });
		const both = await decoded<{ arrival: number }[]>(await get('/contents?arrivals=0,1,9'));
		expect(both.map(({ arrival }) => arrival)).toEqual([0, 1]);
		const fiftyOne = Array.from({ length: 51 }, (_, arrival) => arrival).join(',');
		for (const list of ['', '0,,1', 'a', fiftyOne]) {
			expect((await get(`/contents?arrivals=${list}`)).status).toBe(400);
		}
		expect((await get('/messages/7/content')).status).toBe(404);
		expect((await get('/messages/none/content')).status).toBe(400);
	});

	it('[S42] gives contents together up to 8 MB, and the others when they are asked for again', async () => {
		const long = `Subject: x\r\n\r\n${'x'.repeat(78)}\r\n`.concat(`${'y'.repeat(78)}\r\n`.repeat(24_000));
		for (let number = 0; number < 6; number += 1) await site.place(long);
		const asked = async (arrivals: string) => {
			const found = await decoded<{ arrival: number }[]>(await get(`/contents?arrivals=${arrivals}`));
			return found.map(({ arrival }) => arrival).sort();
		};
		expect(await asked('5,4,3,2,1,0')).toEqual([2, 3, 4, 5]);
		expect(await asked('1,0')).toEqual([0, 1]);
	});

	it('[2.2.11-a] gives a message byte for byte, as a file', async () => {
		const raw = Buffer.concat([Buffer.from('Subject: x\r\n\r\n'), randomBytes(3_000)]);
		await site.place(raw);
		const response = await get('/messages/0/raw');
		expect(Buffer.from(await response.arrayBuffer()).equals(raw)).toBe(true);
		expect(response.headers.get('content-type')).toBe('message/rfc822');
		expect(response.headers.get('content-disposition')).toMatch(/^attachment;/);
	});

	it('gives parts such that no browser runs them', async () => {
		await site.place(letter);
		const page = await get('/messages/0/parts/2');
		expect(await page.text()).toBe('<script>alert(1)</script>');
		expect(Object.fromEntries(page.headers)).toMatchObject({
			'content-type': 'application/octet-stream',
			'x-content-type-options': 'nosniff',
			'content-security-policy': "default-src 'none'; sandbox",
			'content-disposition': expect.stringMatching(/^attachment; filename="/) as unknown
		});
		expect((await get('/messages/0/parts/3')).headers.get('content-type')).toBe('image/png');
		expect((await get('/messages/0/parts/9')).status).toBe(404);
		expect((await get('/messages/0/parts/..%2f..')).status).toBe(400);
	});

	it('gives a part of a large message, taken apart in a thread', async () => {
		const picture = randomBytes(1_500_000);
		const lines = picture.toString('base64').replace(/.{76}/g, '$&\r\n');
		await site.place(letter.replace(/bm90IHJlYWxseS[^\r]*/, lines));
		const part = await get('/messages/0/parts/3');
		expect(part.headers.get('content-length')).toBe('1500000');
		expect(Buffer.from(await part.arrayBuffer()).equals(picture)).toBe(true);
		const head = await site.fetch(`/api/spaces/${site.space}/messages/0/parts/3`, {
			method: 'HEAD',
			headers: { cookie }
		});
		expect([head.status, head.headers.get('content-length')]).toEqual([200, '1500000']);
	});
});

describe('attachments of drafts', () => {
	it('are taken, kept, and given back as they were, small and large', async () => {
		for (const size of [0, 10, 65_536, 65_537, 3_000_000]) {
			const bytes = new Uint8Array(randomBytes(size));
			const id = `attachment-${size}`;
			const stored = await put(id, bytes);
			expect([stored.status, await stored.json()]).toEqual([201, { size }]);
			const back = await get(`/attachments/${id}`);
			expect(Buffer.from(await back.arrayBuffer()).equals(bytes)).toBe(true);
			expect(back.headers.get('content-disposition')).toContain('filename="a.txt"');
		}
	});

	it('[S28] put again are one; other bytes under the same id are refused', async () => {
		expect((await put('a1', 'the same')).status).toBe(201);
		expect((await put('a1', 'the same')).status).toBe(201);
		const other = await put('a1', 'something else');
		expect([other.status, await other.json()]).toEqual([409, { code: 'not-permitted' }]);
	});

	it('[S28] over the limit are refused, announced or not', async () => {
		const announced = await put('big', new Uint8Array(35_000_001));
		expect([announced.status, await announced.json()]).toEqual([413, { code: 'too-large' }]);
		let left = 37;
		const stream = new ReadableStream<Uint8Array>({
			pull: (controller) => {
				left -= 1;
				if (left < 0) controller.close();
				else controller.enqueue(new Uint8Array(1_000_000));
			}
		});
		const init = { method: 'PUT', headers: { cookie, origin: site.url }, body: stream, duplex: 'half' };
		const url = `${site.url}/api/spaces/${site.space}/attachments/big2?document=d1&name=b`;
		expect((await fetch(url, init as RequestInit)).status).toBe(413);
		expect((await get('/attachments/big2')).status).toBe(404);
	});

	it.each([10, 100_000])('are no fault of ours where their sender hangs up after %i bytes', async (sent) => {
		const { hostname, port } = new URL(site.url);
		const headers = { cookie, origin: site.url, 'content-length': 1_000_000 };
		const route = `/api/spaces/${site.space}/attachments/a1?document=d1&name=a.txt`;
		const sending = request({ hostname, port, method: 'PUT', path: route, headers });
		sending.on('error', () => undefined).write(Buffer.alloc(sent), () => sending.destroy());
		await vi.waitFor(() => expect(site.answered).toContainEqual(['PUT', 400]), { timeout: 10_000 });
		expect((await get('/attachments/a1')).status).toBe(404);
	});

	it('of the wrong shape are refused', async () => {
		expect((await put('a.b', 'x')).status).toBe(400);
		expect((await put('a1', 'x', 'name=a.txt')).status).toBe(400);
		expect((await put('a1', 'x', 'document=d1&name=a&type=nonsense')).status).toBe(400);
		expect((await put('a1', 'x', `document=d1&name=${'n'.repeat(300)}`)).status).toBe(400);
	});
});

describe('a full disk', () => {
	it('[S4] is told as storage-full, and what is there can still be read', async () => {
		await site.close();
		site = await openSite({ store: { limits: { space: { maxPages: 70 } } } });
		cookie = await site.signIn();
		await site.place(letter);
		let status = 201;
		for (let number = 0; number < 20 && status === 201; number += 1) {
			const response = await put(`a${number}`, new Uint8Array(60_000));
			status = response.status;
			if (status !== 201) expect(await response.json()).toEqual({ code: 'storage-full' });
		}
		expect(status).toBe(507);
		expect((await get('/messages/0/content')).status).toBe(200);
		expect((await get('/opening')).status).toBe(200);
	});
});
