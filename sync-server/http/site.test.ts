import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { request as secureRequest } from 'node:https';
import path from 'node:path';
import defaultCertificate from 'smtp-server/lib/tls-options.js';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { SocketHandler } from './web-socket.ts';
import {
	openSite,
	trialPage,
	trialPassword,
	trialScriptSource,
	type SiteStage,
	type SiteStageOptions
} from './trial/site-stage.ts';

let site: SiteStage;
afterEach(() => site.close());

async function open(options: SiteStageOptions = {}): Promise<SiteStage> {
	site = await openSite(options);
	return site;
}

describe('the web app', () => {
	it('is served at every address that is no file, and never kept without asking', async () => {
		await open();
		for (const address of ['/', '/mail/inbox', '/mail/inbox/42?x=1', '/index.html']) {
			const response = await site.fetch(address);
			expect([response.status, await response.text()]).toEqual([200, trialPage]);
			expect(response.headers.get('cache-control')).toBe('no-cache');
		}
		expect((await site.fetch('/service-worker.js')).headers.get('cache-control')).toBe('no-cache');
	});

	it('keeps what is named by its hash for ever, compressed beforehand', async () => {
		await open();
		const response = await site.fetch('/_app/immutable/start.js', { headers: { 'accept-encoding': 'br' } });
		expect(Object.fromEntries(response.headers)).toMatchObject({
			'cache-control': 'public, max-age=31536000, immutable',
			'content-encoding': 'br',
			vary: 'Accept-Encoding'
		});
		expect(await response.text()).toContain('answer = 42');
		expect((await site.fetch('/_app/version.json')).headers.get('cache-control')).toBe('no-cache');
	});

	it('gives scripts of its pages the headers that concern them, and workers a policy of their own', async () => {
		await open();
		const { headers } = await site.fetch('/_app/immutable/start.js');
		expect(headers.get('x-content-type-options')).toBe('nosniff');
		expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
		expect(headers.get('content-security-policy')).toBeNull();
		for (const address of [
			'/service-worker.js',
			'/_app/immutable/gone.js',
			'/_app/immutable/workers/any.js'
		]) {
			const policy = (await site.fetch(address)).headers.get('content-security-policy');
			expect(policy, address).toContain("default-src 'none'");
		}
	});

	it('says that a chunk is missing, in place of a page that would be run as a script', async () => {
		await open();
		expect((await site.fetch('/_app/immutable/gone.js')).status).toBe(404);
		expect((await site.fetch('/api/nothing')).status).toBe(404);
		expect((await site.fetch('/csp.json')).status).toBe(404);
	});

	it('serves nothing outside its folder', async () => {
		await open();
		for (const address of [
			'/../data/directory.db',
			'/..%2fdata%2fdirectory.db',
			'/%2e%2e/data/directory.db',
			'/.%5c..'
		]) {
			expect(await rawGet(address), address).not.toContain('SQLite');
		}
	});
});

/** A request whose address nobody tidies up on the way. */
function rawGet(address: string): Promise<string> {
	return new Promise((resolve, reject) => {
		const { hostname, port } = new URL(site.url);
		const sent = request({ hostname, port, path: address }, (response) => {
			let text = '';
			response.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
			response.on('end', () => resolve(text));
		});
		sent.on('error', reject);
		sent.end();
	});
}

describe('security headers', () => {
	it('are those of the last good build while another one is written', async () => {
		await open();
		const policyOf = async (address: string) => {
			const response = await site.fetch(address);
			return [response.status, response.headers.get('content-security-policy')];
		};
		const addresses = ['/', '/mail/inbox', '/_app/immutable/gone.js'];
		const before = await Promise.all(addresses.map(policyOf));
		for (const text of ['{"scriptSou', '{"scriptSources":{}}']) {
			writeFileSync(path.join(site.build, 'csp.json'), text);
			expect(await Promise.all(addresses.map(policyOf))).toEqual(before);
		}
		expect(before[0]).toEqual([200, expect.stringContaining(trialScriptSource)]);
		expect(site.failures).toMatchObject([{ name: 'SpoiledBuildError' }]);
	});

	it('let only the server’s own scripts and the page’s start script run', async () => {
		await open();
		const { headers } = await site.fetch('/');
		const policy = new Map(
			headers
				.get('content-security-policy')
				?.split('; ')
				.map((directive) => [directive.split(' ', 1)[0], directive.split(' ').slice(1)]) ?? []
		);
		expect(policy.get('script-src')).toEqual(["'self'", trialScriptSource]);
		expect(policy.get('default-src')).toEqual(["'none'"]);
		expect(policy.get('object-src')).toEqual(["'none'"]);
		expect(policy.get('frame-ancestors')).toEqual(["'none'"]);
		expect(policy.get('connect-src')).toContain(site.url.replace('http', 'ws'));
		expect(Object.fromEntries(headers)).toMatchObject({
			'x-content-type-options': 'nosniff',
			'x-frame-options': 'DENY',
			'referrer-policy': 'no-referrer',
			'cross-origin-opener-policy': 'same-origin'
		});
		expect(headers.has('strict-transport-security')).toBe(false);
	});

	it('are on errors and on the API too', async () => {
		await open();
		for (const address of ['/api/session', '/_app/gone.js', '/api/none', '/healthz']) {
			const { headers } = await site.fetch(address);
			expect(headers.get('x-content-type-options'), address).toBe('nosniff');
			expect(headers.get('content-security-policy'), address).toContain("default-src 'none'");
		}
	});

	it('don’t repeat a host that is none', async () => {
		await open();
		const policy = await new Promise<string>((resolve, reject) => {
			const { hostname, port } = new URL(site.url);
			const sent = request(
				{ hostname, port, headers: { host: "x;script-src 'unsafe-inline'" } },
				(response) => {
					response.resume();
					resolve(String(response.headers['content-security-policy'] ?? ''));
				}
			);
			sent.on('error', reject);
			sent.end();
		});
		expect(policy).not.toContain("script-src 'unsafe-inline'");
	});
});

describe('observation', () => {
	it('tells that the process lives, and what it still lacks', async () => {
		await open();
		expect((await site.fetch('/healthz')).status).toBe(200);
		expect((await site.fetch('/readyz')).status).toBe(200);
		site.lacking.push('smtp');
		const response = await site.fetch('/readyz');
		expect([response.status, await response.text()]).toEqual([503, 'not ready: smtp\n']);
	});

	it('shows metrics to this machine, not to what a proxy passes on, unless that is wanted', async () => {
		await open();
		expect(await (await site.fetch('/metrics')).text()).toBe('metrics 1\n');
		const forwarded = { 'x-forwarded-for': '203.0.113.9' };
		expect((await site.fetch('/metrics', { headers: forwarded })).status).toBe(404);
		await site.close();
		await open({ metricsAreOpen: true });
		expect((await site.fetch('/metrics', { headers: forwarded })).status).toBe(200);
	});
});

describe('[W1] the WebSocket', () => {
	function connect(headers: Record<string, string>): Promise<WebSocket | number> {
		return new Promise((resolve) => {
			const socket = new WebSocket(`${site.url.replace('http', 'ws')}/ws`, { headers });
			socket.on('open', () => resolve(socket));
			socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
			socket.on('error', () => undefined);
		});
	}

	it('opens to a session from the site’s own pages and to nobody else', async () => {
		await open();
		const cookie = await site.signIn();
		expect(await connect({ origin: site.url })).toBe(401);
		expect(await connect({ cookie: 'hongyan=wrong', origin: site.url })).toBe(401);
		expect(await connect({ cookie, origin: 'https://evil.example' })).toBe(403);
		expect(await connect({ cookie, 'sec-fetch-site': 'cross-site' })).toBe(403);
		const socket = await connect({ cookie, origin: site.url });
		expect(socket).toBeInstanceOf(WebSocket);
		if (typeof socket !== 'number') socket.terminate();
	});

	it('is refused to a network that asks for more than its share, whatever it asks for', async () => {
		await open();
		const cookie = await site.signIn();
		for (let asked = 0; asked < 20; asked += 1) {
			await Promise.all(Array.from({ length: 100 }, () => site.fetch('/api/nothing')));
		}
		expect(await connect({ cookie, origin: site.url })).toBe(429);
		site.time.now += 60_000;
		const socket = await connect({ cookie, origin: site.url });
		expect(socket).toBeInstanceOf(WebSocket);
		if (typeof socket !== 'number') socket.terminate();
	});

	it('hands over bytes as they came, also those sent at once, and tells of the close', async () => {
		const got: (string | Uint8Array)[] = [];
		const closed = Promise.withResolvers<undefined>();
		const all = Promise.withResolvers<undefined>();
		const accept = (): SocketHandler => ({
			receive: (data) => {
				got.push(data);
				if (got.length === 3) all.resolve(undefined);
			},
			closed: () => closed.resolve(undefined)
		});
		await open({ acceptSocket: accept });
		const socket = await connect({ cookie: await site.signIn(), origin: site.url });
		if (typeof socket === 'number') throw new Error('refused');
		const large = new Uint8Array(createHash('sha512').update('x').digest());
		socket.send(new Uint8Array([1, 2]));
		socket.send('text');
		socket.send(large);
		await all.promise;
		expect(got).toEqual([new Uint8Array([1, 2]), 'text', large]);
		socket.close();
		await closed.promise;
	});

	it('closes at what is too large for any frame', async () => {
		await open();
		const socket = await connect({ cookie: await site.signIn(), origin: site.url });
		if (typeof socket === 'number') throw new Error('refused');
		const code = new Promise((resolve) => socket.on('close', resolve));
		socket.send(new Uint8Array(9 << 20));
		expect(await code).toBe(1009);
	});
});

describe('over TLS', () => {
	it('serves the app and the WebSocket, and sets the cookie that no other host can set', async () => {
		const { key, cert } = defaultCertificate({}) as { readonly key: string; readonly cert: string };
		await open({ tls: { certificate: cert, key } });
		const headers = { 'content-type': 'application/json', origin: site.url };
		const sent = secureRequest(`${site.url}/api/session`, {
			method: 'POST',
			headers,
			rejectUnauthorized: false
		});
		sent.end(
			JSON.stringify({ address: 'li@hongyan.example', password: trialPassword, publicComputer: false })
		);
		const [response] = (await once(sent, 'response')) as [IncomingMessage];
		response.resume();
		expect(response.statusCode).toBe(200);
		const cookie = response.headers['set-cookie']?.[0]?.split(';', 1)[0] ?? '';
		expect(cookie).toMatch(/^__Host-hongyan=/);
		const socket = new WebSocket(`${site.url.replace('http', 'ws')}/ws`, {
			headers: { cookie, origin: site.url },
			rejectUnauthorized: false
		});
		await once(socket, 'open');
		socket.terminate();
	});
});
